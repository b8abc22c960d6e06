// Splits layers with binary weights whose input is a sum of scaled signs and a constant into one layer for each sign, which the kernels for
// bits take: inputs of k bits as DoReFa-Net has them (arXiv 1606.06160), and signs that count as 0 and 1 or have a scale.
//   w * (sum_m c_m s_m + d) = sum_m c_m (w * s_m) + d (w * 1)
// A padded 0 must be the value of s_m at the border: d = 0 pads with 0, d = sum c_m with -1, d = -sum c_m with +1.
import type { Weights } from "../graph/attributes.ts";
import { countWords, type Numbers } from "../graph/graph.ts";
import { filterShape } from "../ops/layer-kind.ts";
import type { LayerNode } from "./chain.ts";
import { isAll, toFloats } from "./channel-affine.ts";
import type { Draft } from "./draft.ts";
import { explain, type PassContext } from "./pass.ts";
import { type Part, replaceBySum } from "./sum-of-layers.ts";

/** More signs cost more than a real input does. */
const MOST_SIGNS = 3;

/** How often a sum is followed upward; arbitrary, above what any k-bit input has. */
const MOST_STEPS = 32;

/** Two sums of scales this near, relatively, are the same. */
const NEAR = 1e-5;

/** constant + sum over signs of scale * sign. */
interface SignSum {
  scales: Map<number, number>;
  constant: number;
}

export function splitInputs(draft: Draft, context: PassContext): void {
  for (const layer of [...draft.nodes]) {
    if ((layer.op !== "conv2d" && layer.op !== "dense") || layer.attrs.weights.kind === "float" || layer.inputs.length > 1) continue;
    const found = readSum(draft, draft.inputOf(layer), { left: MOST_STEPS });
    if (found === undefined || isOneSign(found)) continue;
    const padValue = layer.op === "dense" ? 0 : findPadValue(layer, found);
    if (padValue === undefined || found.scales.size > MOST_SIGNS) continue;
    const signs = found.scales.size;
    explain(context, layer.name, {
      binarized: signs === 1 ? "its input is a sign, scaled and shifted" : `its input is a sum of ${signs} signs, one layer each`,
    });
    const parts = [...found.scales].map(([input, scale], index): Part => {
      const constant = index === 0 ? found.constant : undefined;
      return { input, padValue, weights: scaleWeights(layer, scale, constant) };
    });
    if (parts.length > 0) replaceBySum(draft, layer, parts as [Part, ...Part[]], context);
  }
}

/** A sum that is a sign already, which needs no splitting. */
function isOneSign({ scales, constant }: SignSum): boolean {
  return constant === 0 && scales.size === 1 && [...scales.values()][0] === 1;
}

/** Read a value as a sum of signs; undefined when it is none. */
function readSum(draft: Draft, value: number, steps: { left: number }): SignSum | undefined {
  if (steps.left-- <= 0) return undefined;
  const node = draft.producerOf(value);
  if (node?.op === "binarize") return { scales: new Map([[value, 1]]), constant: 0 };
  if (node?.op === "affine") {
    const [scale, bias] = [node.attrs.scale[0] as number, node.attrs.bias[0] as number];
    const of = isAll(node.attrs.scale, scale) && isAll(node.attrs.bias, bias) ? readSum(draft, draft.inputOf(node), steps) : undefined;
    return of && { scales: new Map([...of.scales].map(([sign, own]) => [sign, own * scale])), constant: of.constant * scale + bias };
  }
  if (node?.op !== "elementwise" || node.attrs.kind !== "add") return undefined;
  const [a, b] = node.inputs.map((input) => readSum(draft, input, steps));
  if (a === undefined || b === undefined) return undefined;
  const scales = new Map(a.scales);
  for (const [sign, scale] of b.scales) scales.set(sign, (scales.get(sign) ?? 0) + scale);
  return { scales, constant: a.constant + b.constant };
}

/** What the signs are outside the image; undefined where no one value makes their sum 0. */
function findPadValue({ attrs }: Extract<LayerNode, { op: "conv2d" }>, { scales, constant }: SignSum): -1 | 0 | 1 | undefined {
  const { padTop, padLeft, padBottom, padRight } = attrs.window;
  const total = [...scales.values()].reduce((sum, scale) => sum + scale, 0);
  const isZero = (sum: number) => Math.abs(sum) <= NEAR * Math.abs(total);
  if (padTop + padLeft + padBottom + padRight === 0 || isZero(constant)) return 0;
  if (isZero(constant - total)) return -1;
  return isZero(constant + total) ? 1 : undefined;
}

/** The weights times `scale`; with `constant`, the bias that they make of an input that is that everywhere joins the layer's own. */
function scaleWeights(layer: LayerNode, scale: number, constant: number | undefined): Weights<Numbers> {
  const { bias, ...weights } = layer.attrs.weights;
  const times = (levels: Numbers) => toFloats(Float64Array.from(levels, (level) => level * scale)) as Numbers;
  const scaled = { ...weights, alpha: times(weights.alpha as Numbers), ...(weights.beta && { beta: times(weights.beta) }) };
  if (constant === undefined) return scaled;
  const sums = sumFilters(layer);
  const shifted = Float32Array.from(sums, (sum, filter) => sum * constant + ((bias?.[filter] as number) ?? 0));
  return { ...scaled, bias: shifted };
}

/** Sum each filter's weights. */
function sumFilters({ attrs }: LayerNode): Float64Array {
  const { filters, taps, channels } = filterShape(attrs);
  const { data, alpha, beta } = attrs.weights as Required<Weights<Numbers>>;
  const words = taps * countWords(channels);
  return Float64Array.from({ length: filters }, (_, filter) => {
    let low = 0;
    for (let i = filter * words; i < (filter + 1) * words; i++) low += countOnes(data[i] as number);
    const high = alpha[filter] as number;
    return high * (taps * channels - low) + ((beta?.[filter] as number | undefined) ?? -high) * low;
  });
}

function countOnes(word: number): number {
  let count = 0;
  for (let left = word >>> 0; left !== 0; left = (left & (left - 1)) >>> 0) count++;
  return count;
}
