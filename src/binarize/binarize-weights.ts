// Replaces real weights of chosen conv2d and dense layers by their nearest binary form, on request: what recognize-weights then
// stores as bits. Changes the net; without training its accuracy may be lost. Refuses unknown layers and weights that are not finite.
import { LoadError } from "../graph/errors.ts";
import { filterShape } from "../ops/layer-kind.ts";
import { type Approximation, approximateByReleasedTwoLevels, approximateBySign, approximateByTwoLevels } from "./approximate.ts";
import { explain, type Pass } from "./pass.ts";

const METHODS = { sign: approximateBySign, "two-level": approximateByTwoLevels, "two-level-released": approximateByReleasedTwoLevels };

export type WeightBinarization = keyof typeof METHODS;

/** Make the pass; without names it takes all layers but the first and the last. */
export function binarizeWeights(method: WeightBinarization, names?: readonly string[]): Pass {
  return (draft, context) => {
    const layers = draft.nodes.filter((node) => node.op === "conv2d" || node.op === "dense");
    const known = layers.map(({ name }) => name);
    const unknown = names?.find((name) => !known.includes(name));
    if (unknown !== undefined) throw new LoadError("invalid", `there is no layer "${unknown}" to binarize; the layers are ${known.join(", ")}`);
    const chosen = new Set(names ?? known.slice(1, -1));
    for (const node of layers) {
      if (!chosen.has(node.name) || node.attrs.weights.kind !== "float") continue;
      const { filters, taps, channels } = filterShape(node.attrs);
      const { data, lost } = approximate(node.attrs.weights.data as Float32Array, filters, taps * channels, METHODS[method], node.name);
      const weights = { ...node.attrs.weights, data };
      if (node.op === "conv2d") node.attrs = { ...node.attrs, weights };
      else node.attrs = { ...node.attrs, weights };
      explain(context, node.name, { binarized: `weights binarized by convert: ${(100 * lost).toFixed(1)} % of their square lost` });
    }
  };
}

function approximate(data: Float32Array, filters: number, filterElems: number, method: (filter: Float32Array) => Approximation, layer: string) {
  if (!data.every(Number.isFinite)) throw new LoadError("invalid", "its weights are not all finite, so they cannot be binarized", layer);
  const result = new Float32Array(data.length);
  let error = 0;
  for (let o = 0; o < filters; o++) {
    const start = o * filterElems;
    const { low, high, mask, squaredError } = method(data.subarray(start, start + filterElems));
    for (let i = 0; i < filterElems; i++) result[start + i] = mask[i] === 1 ? low : high;
    error += squaredError;
  }
  const square = data.reduce((sum, weight) => sum + weight * weight, 0);
  return { data: result, lost: square === 0 ? 0 : error / square };
}
