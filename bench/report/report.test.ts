// What the bench says about its times. The engines it times are not needed here.
import assert from "node:assert/strict";
import { test } from "node:test";
import { race } from "../race.ts";
import { replacePart } from "./page.ts";
import { giga, summarize } from "./stats.ts";
import { spellNumber, spellPercent, toMarkdown, toText } from "./table.ts";
import { compare, judge, type Target } from "./targets.ts";

const PLAIN = new Proxy({}, { get: () => (text: string) => text }) as Parameters<typeof toText>[1];
const TARGET: Target = { work: "w", against: "a", atLeast: 4, aim: 5 };
const SLOWNESS: Target = { work: "w", against: "a", atLeast: 0.05, aim: 0.02, unit: "slower" };

test("times become a median and a least", () => {
  assert.deepEqual(summarize([3, 1, 2]), { median: 2, min: 1, count: 3 });
  assert.deepEqual(summarize([4, 1, 2, 3]), { median: 2.5, min: 1, count: 4 });
  assert.equal(giga(115.6e6, 1.156), 100);
});

test("the worst case decides about a target", () => {
  assert.equal(judge(TARGET, { a: 5.1, b: 9 }).verdict, "aim met");
  assert.equal(judge(TARGET, { a: 4, b: 9 }).verdict, "met");
  assert.equal(judge(TARGET, { a: 3.99, b: 9 }).verdict, "missed");
  assert.equal(judge(TARGET, {}).verdict, "not measured");
  assert.equal(judge({ ...TARGET, atLeast: 12, aim: 8, unit: "MiB" }, { a: 9 }).verdict, "met");
});

test("slowness is good when it is small", () => {
  assert.equal(judge(SLOWNESS, { a: -0.1, b: 0.02 }).verdict, "aim met");
  assert.equal(judge(SLOWNESS, { a: 0.05 }).verdict, "met");
  assert.equal(judge(SLOWNESS, { a: 0.06, b: 0 }).verdict, "missed");
  assert.equal(compare(3, 2, SLOWNESS), 0.5);
  assert.equal(compare(2, 8, TARGET), 4);
});

test("numbers are spelled with three digits", () => {
  assert.deepEqual([1234.5, 99.6, 12.34, 1.234, 0.0123].map(spellNumber), ["1235", "100", "12.3", "1.23", "0.012"]);
  assert.equal(spellNumber(undefined), "");
  assert.equal(spellPercent(0.876), "88 %");
});

test("a table becomes text and markdown", () => {
  const table = { title: "T", note: "N.", columns: [{ head: "a" }, { head: "b", align: "right" as const }], rows: [["x|y", "12"]] };
  assert.equal(toText(table, PLAIN), "T\nN.\n\na     b\nx|y  12");
  assert.equal(toMarkdown(table), "### T\n\nN.\n\n| a | b |\n| --- | ---: |\n| x\\|y | 12 |");
  const folded = toMarkdown({ ...table, note: undefined, isLong: true });
  assert.equal(folded, "<details><summary>T</summary>\n\n| a | b |\n| --- | ---: |\n| x\\|y | 12 |\n\n</details>");
});

test("a page keeps what is around a part", () => {
  const page = "a\n<!-- bench x -->\nold\n<!-- end of x -->\nb";
  assert.equal(replacePart(page, "x", "new"), "a\n<!-- bench x -->\n\nnew\n\n<!-- end of x -->\nb");
  assert.throws(() => replacePart(page, "y", "new"), /no "<!-- bench y -->"/);
});

test("contestants take turns, and may time themselves", async () => {
  const order: string[] = [];
  const contestant = (name: string, ms: number) => ({
    name,
    run: async () => {
      order.push(name);
      return ms;
    },
  });
  const [a, b] = await race([contestant("a", 2), contestant("b", 5)], { rounds: 2, turnMs: 0, warmupMs: 0 });
  // Two warm-ups of one call and two rounds of one call, each contestant in turn.
  assert.equal(order.join(""), "abababab");
  assert.deepEqual([a?.median, b?.median], [2, 5]);
  assert.equal(a?.count, 2);
});
