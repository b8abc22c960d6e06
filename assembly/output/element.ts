// One output of a conv2d or dense layer, from its dot product D and window sum S: the formulas of the output
// stage, one element at a time. The vector forms in this folder do the same operations in the same order, so
// that results are equal to the last bit.
import { LayerParams } from "./layer";

/** Return y = ((alpha - beta)/2 D + (alpha + beta)/2 S) scale + bias; sign weights: alpha D scale + bias; float weights: D scale + bias. */
// @ts-ignore: decorator
@inline
export function outputValue(layer: LayerParams, channel: u32, dot: f32, sum: f32, scale: f32): f32 {
  let value = dot * dotFactor(layer, channel);
  if (layer.betaPtr) value += sum * sumFactor(layer, channel);
  return value * scale + biasOf(layer, channel);
}

/** Return what multiplies D: 1 for float weights, alpha for sign weights, (alpha - beta)/2 for two levels. */
// @ts-ignore: decorator
@inline
export function dotFactor(layer: LayerParams, channel: u32): f32 {
  if (layer.alphaPtr == 0) return 1;
  const alpha = load<f32>(layer.alphaPtr + (channel << 2));
  return layer.betaPtr ? (alpha - load<f32>(layer.betaPtr + (channel << 2))) * 0.5 : alpha;
}

/** Return what multiplies S with two levels: (alpha + beta)/2. */
// @ts-ignore: decorator
@inline
export function sumFactor(layer: LayerParams, channel: u32): f32 {
  return (load<f32>(layer.alphaPtr + (channel << 2)) + load<f32>(layer.betaPtr + (channel << 2))) * 0.5;
}

// @ts-ignore: decorator
@inline
export function biasOf(layer: LayerParams, channel: u32): f32 {
  return layer.biasPtr ? load<f32>(layer.biasPtr + (channel << 2)) : 0;
}

/** Return 1 if the channel's threshold is flipped, else 0. */
// @ts-ignore: decorator
@inline
export function flipOf(layer: LayerParams, channel: u32): u32 {
  return layer.flipsPtr ? (load<u32>(layer.flipsPtr + ((channel >> 5) << 2)) >> (channel & 31)) & 1 : 0;
}

/** Return the flips of the word that begins with `channel`. */
// @ts-ignore: decorator
@inline
export function flipWord(layer: LayerParams, channel: u32): u32 {
  return layer.flipsPtr ? load<u32>(layer.flipsPtr + (channel >> 3)) : 0;
}

/** Return the output bit of a real value v: (v < threshold) != flip. */
// @ts-ignore: decorator
@inline
export function bitOfValue(layer: LayerParams, channel: u32, value: f32): u32 {
  return u32(value < load<f32>(layer.thresholdsPtr + (channel << 2))) ^ flipOf(layer, channel);
}

/** Return the output bit of an integer dot product. */
// @ts-ignore: decorator
@inline
export function bitOfDot(layer: LayerParams, channel: u32, dot: i32): u32 {
  return u32(dot < load<i32>(layer.thresholdsPtr + (channel << 2))) ^ flipOf(layer, channel);
}
