// Places buffers with known lifetimes into one block of memory. Knows nothing of graphs or wasm, so it is
// tested with made-up lifetimes. Largest first, each at the lowest gap among the buffers alive with it: the
// usual greedy rule of inference planners, within a few percent of the best on chains and residual nets.

export interface Lifetime {
  bytes: number;
  /** First and last step that touch the buffer, inclusive. */
  first: number;
  last: number;
}

export interface Arena {
  /** Byte offset of each buffer, multiples of ALIGNMENT. */
  offsets: number[];
  bytes: number;
}

/** A v128; also keeps rows of packed words aligned. */
const ALIGNMENT = 16;

/** Kernels may read this far past an operand: OVERREAD_BYTES of assembly/abi.ts, compared by a test. */
export const OVERREAD_BYTES = 64;

export function roundUp(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

/** Lay out `lifetimes` so that no two buffers alive at the same step overlap. */
export function placeBuffers(lifetimes: readonly Lifetime[]): Arena {
  const offsets = new Array<number>(lifetimes.length).fill(0);
  const order = lifetimes.map((lifetime, index) => ({ ...lifetime, index, bytes: roundUp(lifetime.bytes) + OVERREAD_BYTES }));
  order.sort((a, b) => b.bytes - a.bytes || a.first - b.first);

  const placed: { begin: number; end: number; first: number; last: number }[] = [];
  let total = 0;
  for (const { index, bytes, first, last } of order) {
    let begin = 0;
    for (const other of placed) {
      if (other.first > last || other.last < first) continue;
      if (begin + bytes <= other.begin) break;
      begin = Math.max(begin, other.end);
    }
    placed.push({ begin, end: begin + bytes, first, last });
    placed.sort((a, b) => a.begin - b.begin);
    offsets[index] = begin;
    total = Math.max(total, begin + bytes);
  }
  return { offsets, bytes: total };
}
