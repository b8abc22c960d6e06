// Output stage, dot products to real values: y = (dotFactor D + sumFactor S) scale + bias, lanes = pixels.
// The order of operations is that of outputValue, so every kernel gives the same bits for the same D and S.
import { biasOf, dotFactor, outputValue, sumFactor } from "./element";
import { LayerParams } from "./layer";
import { OutputTile } from "./tile";

/** Write all values of the tile to `out`, which may be the tile's dots themselves. */
export function writeFloats(layer: LayerParams, tile: OutputTile, out: u32, filterBytes: u32, pixelBytes: u32): void {
  const pixels: u32 = tile.pixels;
  const sums: u32 = tile.sumsPtr;
  const scales: u32 = tile.scalesPtr;
  let dots: u32 = tile.dotsPtr;
  for (let channel = tile.firstFilter, end = channel + tile.filters; channel < end; channel++) {
    let pixel: u32 = 0;
    if (ASC_FEATURE_SIMD) {
      if (pixelBytes == 4) pixel = writeVectors(layer, channel, dots, sums, scales, pixels, out);
    }
    for (; pixel < pixels; pixel++) {
      const sum: f32 = layer.betaPtr ? load<f32>(sums + (pixel << 2)) : 0;
      const scale: f32 = scales ? load<f32>(scales + (pixel << 2)) : 1;
      store<f32>(out + pixel * pixelBytes, outputValue(layer, channel, load<f32>(dots + (pixel << 2)), sum, scale));
    }
    out += filterBytes;
    dots += tile.dotBytes;
  }
}

/** Write whole vectors of one channel; returns how many pixels that were. */
// @ts-ignore: decorator
@inline
function writeVectors(layer: LayerParams, channel: u32, dots: u32, sums: u32, scales: u32, pixels: u32, out: u32): u32 {
  const factor = f32x4.splat(dotFactor(layer, channel));
  const bias = f32x4.splat(biasOf(layer, channel));
  const end = (pixels & ~3) << 2;
  if (layer.betaPtr == 0 && scales == 0) {
    let at: u32 = 0;
    for (; at < end; at += 16) {
      v128.store(out + at, f32x4.add(f32x4.mul(v128.load(dots + at), factor), bias));
    }
    storeRest(out + at, f32x4.add(f32x4.mul(v128.load(dots + at), factor), bias), pixels & 3);
    return pixels;
  }
  const hasSums = layer.betaPtr != 0;
  const sumFactors = f32x4.splat(hasSums ? sumFactor(layer, channel) : 0);
  for (let at: u32 = 0; ; at += 16) {
    let value = f32x4.mul(v128.load(dots + at), factor);
    if (hasSums) value = f32x4.add(value, f32x4.mul(v128.load(sums + at), sumFactors));
    if (scales) value = f32x4.mul(value, v128.load(scales + at));
    value = f32x4.add(value, bias);
    if (at == end) {
      storeRest(out + at, value, pixels & 3);
      break;
    }
    v128.store(out + at, value);
  }
  return pixels;
}

/** Store the first `rest` lanes, 0 to 3. */
// @ts-ignore: decorator
@inline
export function storeRest(out: u32, value: v128, rest: u32): void {
  if (rest & 2) {
    v128.store64_lane(out, value, 0);
    if (rest & 1) v128.store32_lane(out, value, 2, 8);
  } else if (rest) v128.store32_lane(out, value, 0);
}
