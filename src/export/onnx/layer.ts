// What conv2d and dense have in common: their input as floats, their weights as floats, and what follows the sum.
import type { LayerAttrs } from "../../graph/attributes.ts";
import { countWords, type Numbers } from "../../graph/graph.ts";
import { hasIntegerSums } from "../../ops/layer.ts";
import { integers, isSet, perChannel, scalar } from "./constants.ts";
import type { Place } from "./draft.ts";
import { addEpilogue } from "./epilogue.ts";
import { addSign } from "./sign.ts";

/** An int8 layer reads its input on the int8 grid. */
export function addInput(place: Place, { inputKind, inputScale, inputZeroPoint }: LayerAttrs<Numbers>): string {
  const [x] = place.inputs;
  if (inputKind !== "int8") return x;
  if (inputScale === 0) return addRunGrid(place, x);
  return addGrid(place, x, "input", inputScale, inputZeroPoint);
}

/** Round to an int8 grid, and open again: int8 values are floats here. */
function addGrid(place: Place, x: string, what: "input" | "output", scale: number, zeroPoint: number): string {
  const grid = [place.constant(`${what}_scale`, [], Float32Array.of(scale)), place.constant(`${what}_zero_point`, [], Int8Array.of(zeroPoint))];
  return place.add("DequantizeLinear", [place.add("QuantizeLinear", [x, ...grid]), ...grid]);
}

/** The scale of each image in each run: QuantizeLinear takes none that is computed for every image, so the rounding is spelled out. */
function addRunGrid(place: Place, x: string): string {
  const axes = integers(
    place,
    "image_axes",
    place.shape.slice(1).map((_, axis) => axis + 1),
  );
  const most = place.add("ReduceMax", [place.add("Abs", [x]), axes], { keepdims: 1 });
  // An image of zeros stays one, whatever the scale.
  const scale = place.add("Max", [place.add("Div", [most, scalar(place, "int8_max", 127)]), scalar(place, "least_scale", 2 ** -126)]);
  return place.add("Mul", [place.add("Round", [place.add("Div", [x, scale])]), scale]);
}

/** True when thresholds look at the integer dot product, before levels and bias. */
export function comparesIntegers(attrs: LayerAttrs<Numbers>): boolean {
  return attrs.thresholds !== undefined && hasIntegerSums(attrs);
}

/** Weights as floats, in the order they are stored: O, taps, I. Without levels they are +1 and -1. */
export function openWeights(attrs: LayerAttrs<Numbers>, filters: number, taps: number, channels: number): Float32Array {
  const { kind, data, alpha, beta } = attrs.weights;
  if (kind === "float") return data as Float32Array;
  const isPlain = comparesIntegers(attrs);
  const runBits = 32 * countWords(channels);
  const open = new Float32Array(filters * taps * channels);
  let at = 0;
  for (let o = 0; o < filters; o++) {
    const high = isPlain ? 1 : (alpha?.[o] ?? 1);
    const low = isPlain || kind === "sign" ? -high : (beta?.[o] ?? -high);
    for (let tap = 0; tap < taps; tap++) {
      const run = (o * taps + tap) * runBits;
      for (let i = 0; i < channels; i++) open[at++] = isSet(data, run + i) ? low : high;
    }
  }
  return open;
}

/** The bias as an operand of Conv or Gemm; none where thresholds look at integers. */
export function biasOf(place: Place, attrs: LayerAttrs<Numbers>): string[] {
  const { bias } = attrs.weights;
  return bias === undefined || comparesIntegers(attrs) ? [] : [perChannel(place, "bias", bias, 2)];
}

/** What comes after the sum and the bias; `rank` is that of the output, 2 where channels come last. */
export function finishLayer(place: Place, attrs: LayerAttrs<Numbers>, sum: string, rank: number): string {
  const y = attrs.epilogue ? addEpilogue(place, attrs.epilogue, sum, rank) : sum;
  if (attrs.thresholds !== undefined) return addSign(place, y, attrs.thresholds, rank);
  return attrs.quantize ? addGrid(place, y, "output", attrs.quantize.scale, attrs.quantize.zeroPoint) : y;
}
