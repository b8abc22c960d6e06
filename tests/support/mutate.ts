// Damaged model files, made in a way that a seed replays.
import fc from "fast-check";
import { seal } from "../../src/format/header.ts";

const HEADER_BYTES = 64;

export interface Edit {
  part: "header" | "graph" | "data";
  /** Where in the part, of 2^32. */
  place: number;
  kind: "byte" | "bit" | "word" | "nudge" | "copy";
  value: number;
}

/** Numbers that sit at the edges of what a reader may believe. */
const EDGES = [0, 1, 3, 4, 0x7f, 0xff, 0x7fff, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xfffffff0, 0xffffffff, 0x7f800000, 0x7fc00000];

const edit: fc.Arbitrary<Edit> = fc.record({
  part: fc.constantFrom("header", "data", "data", ...new Array<"graph">(17).fill("graph")),
  place: fc.noBias(fc.nat(0xffffffff)),
  kind: fc.constantFrom("byte", "bit", "word", "nudge", "copy"),
  value: fc.oneof(fc.constantFrom(...EDGES), fc.nat(0xff), fc.nat(0xffffffff)),
});

/** One to six changes, usually of the graph. */
export const edits: fc.Arbitrary<Edit[]> = fc.array(edit, { minLength: 1, maxLength: 6 });

/** Apply changes to a copy; with `reseal` the checksums are made right again. At least one byte differs. */
export function mutate(model: Uint8Array, list: readonly Edit[], reseal: boolean): Uint8Array {
  const bytes = new Uint8Array(model); // slice() of a Buffer would be a view
  const view = new DataView(bytes.buffer);
  const graphEnd = HEADER_BYTES + view.getUint32(20, true);
  const parts = { header: [0, HEADER_BYTES], graph: [HEADER_BYTES, graphEnd], data: [graphEnd, bytes.length] } as const;
  for (const { part, place, kind, value } of list) {
    const [start, end] = parts[part];
    const at = Math.floor(start + (place / 2 ** 32) * (end - start));
    const word = Math.min(at, bytes.length - 4) & ~3;
    if (kind === "byte") bytes[at] = value;
    else if (kind === "bit") bytes[at] = (bytes[at] as number) ^ (1 << (value & 7));
    else if (kind === "word") view.setUint32(word, value, true);
    else if (kind === "nudge") view.setInt32(word, view.getInt32(word, true) + ((value & 31) - 16) * 4, true);
    else bytes.copyWithin(word, (value % bytes.length) & ~3, ((value % bytes.length) & ~3) + 4);
  }
  if (bytes.every((byte, i) => byte === model[i])) bytes[graphEnd - 1] = (bytes[graphEnd - 1] as number) ^ 1;
  if (reseal) seal(bytes);
  return bytes;
}

/** Damaged copies of a model, `count` of them, half with right checksums so that what lies behind them is reached. */
export function* mutations(model: Uint8Array, seed: number, count: number): Generator<{ bytes: Uint8Array; what: string }> {
  let index = 0;
  for (const list of fc.sample(edits, { seed, numRuns: count })) {
    const isSealed = index++ % 2 === 1;
    yield {
      bytes: mutate(model, list, isSealed),
      what: `seed ${seed}, mutation ${index - 1}${isSealed ? ", resealed" : ""}: ${JSON.stringify(list)}`,
    };
  }
}
