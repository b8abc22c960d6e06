// Stores the weights of a conv2d or dense layer as bits when every one of its filters has at most two values:
//   sign       w = +alpha where the bit is 0, -alpha where it is 1; constant filters fit with all bits 0
//   two-level  w = alpha where the bit is 0, beta where it is 1
// A layer is taken whole or not at all. Never approximates: binarize-weights does, on request.
import type { Weights } from "../graph/attributes.ts";
import { countWords, type Numbers } from "../graph/graph.ts";
import { filterShape } from "../ops/layer-kind.ts";
import type { Draft } from "./draft.ts";
import { countLevels, findLevels, isSymmetric, LEAST_WEIGHTS, type Levels } from "./levels.ts";
import { explain, type PassContext } from "./pass.ts";

/** A message counts no more distinct values than this. */
const MOST_COUNTED = 1000;

export function recognizeWeights(draft: Draft, context: PassContext): void {
  for (const node of draft.nodes) {
    if ((node.op !== "conv2d" && node.op !== "dense") || node.attrs.weights.kind !== "float") continue;
    const { taps, channels, filters } = filterShape(node.attrs);
    const { reason, weights } = recognize(node.attrs.weights, filters, taps, channels, context.tolerance);
    explain(context, node.name, { weights: reason });
    if (weights === undefined) continue;
    if (node.op === "conv2d") node.attrs = { ...node.attrs, weights };
    else node.attrs = { ...node.attrs, weights };
  }
}

interface Recognition {
  reason: string;
  weights?: Weights<Numbers>;
}

function recognize(float: Weights<Numbers>, filters: number, taps: number, channels: number, tolerance: number): Recognition {
  const filterElems = taps * channels;
  if (filterElems < LEAST_WEIGHTS) return { reason: `weights stay float: ${filterElems} per filter are too few to tell` };
  const data = float.data as Float32Array;
  const all: Levels[] = [];
  for (let o = 0; o < filters; o++) {
    const filter = data.subarray(o * filterElems, (o + 1) * filterElems);
    const levels = findLevels(filter, tolerance);
    if (levels === undefined) {
      const count = countLevels(filter, tolerance, MOST_COUNTED);
      return { reason: `weights stay float: filter ${o} has ${count === MOST_COUNTED ? `${count} or more` : count} distinct values` };
    }
    all.push(levels);
  }
  const isSign = all.every((levels) => isSymmetric(levels, tolerance));
  const packed = packFilters(data, all, taps, channels);
  const alpha = Float32Array.from(all, ({ low, high }) => (isSign && low !== high ? (high - low) / 2 : high));
  const bias = float.bias && { bias: float.bias };
  if (isSign) return { reason: "weights are +-alpha per filter", weights: { kind: "sign", data: packed, alpha, ...bias } };
  const beta = Float32Array.from(all, ({ low }) => low);
  return { reason: "weights have two values per filter", weights: { kind: "two-level", data: packed, alpha, beta, ...bias } };
}

/** packed[o, tap, i / 32] bit (i % 32) = 1 where the weight is nearer to the low level. */
function packFilters(data: Float32Array, levels: readonly Levels[], taps: number, channels: number): Uint32Array {
  const words = countWords(channels);
  const packed = new Uint32Array(levels.length * taps * words);
  levels.forEach(({ low, high }, o) => {
    if (low === high) return;
    const middle = (low + high) / 2;
    for (let tap = o * taps; tap < (o + 1) * taps; tap++) {
      let word = 0;
      for (let i = 0; i < channels; i++) {
        if ((data[tap * channels + i] as number) < middle) word |= 1 << (i & 31);
        if ((i & 31) === 31 || i === channels - 1) {
          packed[tap * words + (i >> 5)] = word;
          word = 0;
        }
      }
    }
  });
  return packed;
}
