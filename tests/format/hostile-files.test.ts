// Files that are not what they say: every one loads as something valid or throws a LoadError with a code; none
// reads outside the file, hangs, or throws anything else.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { seal } from "../../src/format/header.ts";
import { readModelBytes } from "../../src/format/materialize.ts";
import { writeModel } from "../../src/format/write.ts";
import { LoadError } from "../../src/graph/errors.ts";
import { everyOpGraph } from "../support/every-op.ts";
import { edits, mutate } from "../support/mutate.ts";

// Most of the time would go into traces of errors that are expected.
Error.stackTraceLimit = 0;

const SEED = 20240607;
const CHANGES = 20_000;
/** Generous: a load of the model below takes about a millisecond. */
const MAX_LOAD_MS = 2000;
const TRAINED = "models/sketch10-hybrid.hybit";

const small = writeModel(everyOpGraph());
const real = existsSync(TRAINED) ? new Uint8Array(readFileSync(TRAINED)) : writeModel(everyOpGraph(128));

/** Load; returns the error's code, or "loads". Anything but a LoadError goes through. */
function outcomeOf(bytes: Uint8Array): string {
  const start = performance.now();
  try {
    readModelBytes(bytes);
    return "loads";
  } catch (error) {
    if (!(error instanceof LoadError)) throw error;
    assert.ok(error.message.length > 20 && error.message.length < 600, `message of ${error.message.length} letters: ${error.message}`);
    return error.code;
  } finally {
    const ms = performance.now() - start;
    assert.ok(ms < MAX_LOAD_MS, `took ${ms} ms`);
  }
}

test("a file cut at any length is refused", () => {
  const outcomes = Array.from({ length: small.length }, (_, length) => outcomeOf(small.slice(0, length)));
  assert.equal(outcomes[0], "not-a-model");
  assert.deepEqual(new Set(outcomes.slice(1)), new Set(["truncated"]));
  assert.equal(outcomeOf(small), "loads");
});

test("every single byte of a small file matters", () => {
  const wrong: number[] = [];
  for (let at = 0; at < small.length; at++) {
    const bytes = small.slice();
    bytes[at] = (bytes[at] as number) ^ 0x41;
    if (outcomeOf(bytes) === "loads") wrong.push(at);
  }
  assert.deepEqual(wrong, []);
});

test(`${CHANGES} changes of a real model are all refused`, () => {
  fc.assert(
    fc.property(edits, (list) => outcomeOf(mutate(real, list, false)) !== "loads"),
    { seed: SEED, numRuns: CHANGES },
  );
});

test(`${CHANGES} changes with right checksums load or are refused, nothing else`, (t) => {
  const counts = new Map<string, number>();
  fc.assert(
    fc.property(edits, (list) => {
      const code = outcomeOf(mutate(real, list, true));
      counts.set(code, (counts.get(code) ?? 0) + 1);
    }),
    { seed: SEED, numRuns: CHANGES },
  );
  t.diagnostic([...counts].map(([code, count]) => `${code} ${count}`).join(", "));
  assert.ok((counts.get("invalid") ?? 0) > CHANGES / 10 && (counts.get("loads") ?? 0) > 0);
});

test("every word of a small graph set to every edge value shows nothing of the memory around the file", () => {
  const SECRET = 0x53;
  const around = new Uint8Array(small.length + 8192).fill(SECRET);
  const window = around.subarray(4096, 4096 + small.length);
  const graphEnd = 64 + new DataView(small.buffer).getUint32(20, true);
  const wrong: string[] = [];
  for (let at = 64; at < graphEnd; at += 4) {
    for (const value of [0, 8, 64, small.length - at, 2000, 4096, 0x7fff, 0x7fffffff, 0x80000000, 0xfffffffc]) {
      window.set(small);
      new DataView(around.buffer).setUint32(4096 + at, value, true);
      seal(window);
      try {
        const { graph, data } = readModelBytes(window);
        if (/SSSS|1397969747/.test(JSON.stringify(graph)) || data.length > small.length) wrong.push(`word at ${at} set to ${value}`);
      } catch (error) {
        if (!(error instanceof LoadError)) wrong.push(`word at ${at} set to ${value}: ${error}`);
      }
    }
  }
  assert.deepEqual(wrong, []);
});
