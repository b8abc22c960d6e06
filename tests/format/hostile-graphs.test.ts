// Well-formed files whose graphs make no sense: numbers of a valid graph are replaced by ones at the edges, list
// entries dropped or repeated. Every such graph is refused with a LoadError, or is valid and reads back.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { readModelBytes } from "../../src/format/materialize.ts";
import { writeModel } from "../../src/format/write.ts";
import { LoadError } from "../../src/graph/errors.ts";
import type { Graph, Numbers } from "../../src/graph/graph.ts";
import { everyOpGraph } from "../support/every-op.ts";

// Most of the time would go into traces of errors that are expected.
Error.stackTraceLimit = 0;

const SEED = 20240608;
const CHANGES = 2500;
const MAX_LOAD_MS = 2000;
const EDGES = [0, 1, -1, 2, 3, 7, 31, 32, 33, 64, 1e5, 2 ** 20, 2 ** 29, 2 ** 31 - 1, -(2 ** 31), 0.5, -1e38];

const valid = everyOpGraph();

interface Place {
  list: Record<string, unknown> | unknown[];
  key: string | number;
}

/** Every number and list below `thing`, constants left out. */
function findPlaces(thing: unknown): Place[] {
  if (typeof thing !== "object" || thing === null || ArrayBuffer.isView(thing)) return [];
  return Object.entries(thing).flatMap(([key, value]) => {
    const here: Place[] = typeof value === "number" || Array.isArray(value) ? [{ list: thing as Place["list"], key }] : [];
    return [...here, ...findPlaces(value)];
  });
}

function edit({ list, key }: Place, value: number, index: number): void {
  const target = list as Record<string, unknown>;
  const old = target[key];
  if (!Array.isArray(old)) target[key] = value;
  else if (index % 2 === 0 && old.length > 0) old.splice(index % old.length, 1);
  else if (old.length > 0) old.push(old[index % old.length]);
}

test(`${CHANGES} changed graphs are refused or are valid`, (t) => {
  const counts = new Map<string, number>();
  const sizes = fc.array(fc.record({ place: fc.noBias(fc.nat(0xffffffff)), value: fc.constantFrom(...EDGES), index: fc.nat(100) }), {
    minLength: 1,
    maxLength: 3,
  });
  fc.assert(
    fc.property(sizes, (changes) => {
      const graph: Graph<Numbers> = structuredClone(valid);
      for (const { place, value, index } of changes) {
        const places = findPlaces(graph);
        edit(places[place % places.length] as Place, value, index);
      }
      const start = performance.now();
      let code = "loads";
      try {
        readModelBytes(writeModel(graph));
      } catch (error) {
        if (!(error instanceof LoadError)) throw error;
        assert.ok(error.message.length < 600, error.message);
        code = error.code;
      }
      counts.set(code, (counts.get(code) ?? 0) + 1);
      assert.ok(performance.now() - start < MAX_LOAD_MS);
    }),
    { seed: SEED, numRuns: CHANGES },
  );
  t.diagnostic([...counts].map(([code, count]) => `${code} ${count}`).join(", "));
});
