// What the command line draws: bars, half blocks, tables, and how it spells numbers.
import assert from "node:assert/strict";
import { test } from "node:test";
import pc from "picocolors";
import { drawBar, drawGreys, drawPlain, placeBeside } from "../../src/cli/draw.ts";
import { layOutTable } from "../../src/cli/table.ts";
import { spellBytes, spellCount, spellMs, spellRatio, spellShape, spellShare } from "../../src/cli/units.ts";

test("bars grow by eighths of a character and never beyond their width", () => {
  assert.equal(drawBar(0, 4), "");
  assert.equal(drawBar(1, 4), "████");
  assert.equal(drawBar(0.5, 4), "██");
  assert.equal(drawBar(1 / 32, 4), "▏");
  assert.equal(drawBar(0.002, 4), "▏");
  assert.equal(drawBar(7, 4), "████");
  assert.equal(drawBar(Number.NaN, 4), "");
  for (let share = 0; share <= 1; share += 0.01) assert.ok(drawBar(share, 9).length <= 9);
});

// Ink: left column, and the lower right pixel; 3 rows, so that the last line is half a line.
const image = { width: 2, height: 3, data: Uint8Array.of(255, 0, 255, 255, 255, 0) };

test("plain pictures show two rows a line, in the text's colour", () => {
  assert.deepEqual(drawPlain(image), ["█▄", "▀ "]);
});

test("grey pictures set a colour only where it changes and put the terminal back", () => {
  const [first = "", second = ""] = drawGreys(image);
  assert.equal(first, "\x1b[38;5;255;48;5;255m▀\x1b[38;5;232;48;5;255m▀\x1b[0m");
  assert.ok(second.endsWith("\x1b[0m"));
  const [flat = ""] = drawGreys({ width: 3, height: 2, data: new Uint8Array(6) });
  assert.equal(flat, "\x1b[38;5;232;48;5;232m▀▀▀\x1b[0m");
});

test("text stands beside a picture at half its height, without trailing spaces", () => {
  assert.deepEqual(placeBeside(["██", "██", "██"], ["a"], 2, 1), ["██", "██ a", "██"]);
  assert.deepEqual(placeBeside(["█ "], ["a", "b", ""], 2, 1), ["█  a", "   b", ""]);
});

const plain = { columns: undefined, paint: pc.createColors(false) };

test("tables align, leave empty columns out and end without spaces", () => {
  const text = layOutTable([{ head: "layer" }, { head: "note" }, { head: "bytes", align: "right" }], [["a", "", 5], ["long", "", 12]], plain); // biome-ignore format: one row a pair
  assert.equal(text, "layer  bytes\na          5\nlong      12");
});

test("prose wraps on a terminal only", () => {
  const columns = [{ head: "layer" }, { head: "why", isProse: true }];
  const rows = [["a", "one two three four five six seven eight"]];
  assert.equal(layOutTable(columns, rows, plain).split("\n").length, 2);
  const narrow = layOutTable(columns, rows, { ...plain, columns: 30 }).split("\n");
  assert.ok(narrow.length > 2 && narrow.every((line) => line.length <= 30), narrow.join("\n"));
});

test("numbers as people read them", () => {
  assert.deepEqual([0, 999, 74600, 2310000, 148000].map(spellBytes), ["0 B", "999 B", "74.6 kB", "2.3 MB", "148 kB"]);
  assert.deepEqual([12, 14.5e6, 3e9].map(spellCount), ["12", "14.5 M", "3.0 G"]);
  assert.deepEqual([0.4321, 1.234, 12.34, 123.4].map(spellMs), ["0.432", "1.23", "12.3", "123"]);
  assert.equal(spellShare(0.982), "98.2 %");
  assert.deepEqual([spellRatio(64, 2), spellRatio(0, 2)], ["32.0x", ""]);
  assert.equal(spellShape([-1, 1, 28, 28]), "Nx1x28x28");
});
