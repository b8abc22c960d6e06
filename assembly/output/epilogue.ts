// What a layer does with its real output v before it is stored or compared, in this order, each stage optional:
//   v + r;  v < 0 ? slope v : v;  clip to [low, high];  scale v + bias;  or v + r here      (docs/binary-math.md section 8)
// Vectors (lanes = pixels) and single values do the same operations in the same order, so results are equal to the last bit.
import { writeFloatChannels } from "./channels";
import { outputValue } from "./element";
import { LayerParams } from "./layer";
import { finishRows } from "./rows";
import { hasAffine, highOf, lowOf, outBiasOf, outScaleOf } from "./stages";
import { OutputTile } from "./tile";

/** Return the finished value; `offset`: bytes from the start of an f32 value of the output's shape to this element. */
export function finishValue(layer: LayerParams, channel: u32, value: f32, offset: u32): f32 {
  if (!layer.hasEpilogue) return value;
  const residual: f32 = layer.residualPtr ? load<f32>(layer.residualPtr + offset) : 0;
  if (layer.residualPtr && !layer.addsLast) value += residual;
  if (layer.slopePtr && value < 0) value *= load<f32>(layer.slopePtr + (channel << 2));
  const low = lowOf(layer);
  const high = highOf(layer);
  value = value < low ? low : value;
  value = high < value ? high : value;
  if (hasAffine(layer)) value = value * outScaleOf(layer, channel) + outBiasOf(layer, channel);
  if (layer.residualPtr && layer.addsLast) value += residual;
  return value;
}

/** Write all values of a layer with an epilogue to `out`, which may be the tile's dots themselves. */
export function writeFinished(layer: LayerParams, tile: OutputTile, out: u32, filterBytes: u32, pixelBytes: u32): void {
  // Where the tile lies in the residual, which has the layout of an f32 output.
  let offset: u32 = tile.outPtr - layer.outputPtr;
  let stepBytes: u32 = tile.pixelBytes;
  if (layer.thresholdsPtr) {
    const pixel = offset / tile.pixelBytes;
    const planePixels = tile.filterBytes >> 2;
    const image = pixel / planePixels;
    offset = ((image * layer.outChannels + tile.firstFilter - image) * planePixels + pixel) << 2;
    stepBytes = planePixels == 1 ? layer.outChannels << 2 : 4;
  }
  if (ASC_FEATURE_SIMD) {
    if (tile.dotBytes == 4) {
      writeFloatChannels(layer, tile, tile.dotsPtr);
      finishChannels(layer, tile, out, offset);
      return;
    }
    if (pixelBytes == 4 && (stepBytes == 4 || tile.pixels == 1)) {
      finishRows(layer, tile, out, filterBytes, offset);
      return;
    }
  }
  for (let row: u32 = 0; row < tile.filters; row++) {
    const channel = tile.firstFilter + row;
    const dots = tile.dotsPtr + row * tile.dotBytes;
    for (let pixel: u32 = 0; pixel < tile.pixels; pixel++) {
      const at = pixel << 2;
      const sum: f32 = layer.betaPtr ? load<f32>(tile.sumsPtr + at) : 0;
      const scale: f32 = tile.scalesPtr ? load<f32>(tile.scalesPtr + at) : 1;
      const value = outputValue(layer, channel, load<f32>(dots + at), sum, scale);
      store<f32>(out + row * filterBytes + pixel * pixelBytes, finishValue(layer, channel, value, offset + row * tile.filterBytes + pixel * stepBytes));
    }
  }
}

/** Finish the values of a tile of one pixel, which lie side by side where its dots were, lanes = filters. */
function finishChannels(layer: LayerParams, tile: OutputTile, out: u32, offset: u32): void {
  const low = f32x4.splat(lowOf(layer));
  const high = f32x4.splat(highOf(layer));
  const constants = tile.firstFilter << 2;
  const end = tile.filters << 2;
  const wholeEnd = end & ~15;
  let at: u32 = 0;
  for (; at < wholeEnd; at += 16) {
    let value = v128.load(tile.dotsPtr + at);
    const residual = layer.residualPtr ? v128.load(layer.residualPtr + offset + at) : f32x4.splat(0);
    if (layer.residualPtr && !layer.addsLast) value = f32x4.add(value, residual);
    if (layer.slopePtr) {
      const bent = f32x4.mul(value, v128.load(layer.slopePtr + constants + at));
      value = v128.bitselect(bent, value, f32x4.lt(value, f32x4.splat(0)));
    }
    value = f32x4.pmin(f32x4.pmax(value, low), high);
    if (layer.outScalePtr) value = f32x4.mul(value, v128.load(layer.outScalePtr + constants + at));
    if (layer.outBiasPtr) value = f32x4.add(value, v128.load(layer.outBiasPtr + constants + at));
    if (layer.residualPtr && layer.addsLast) value = f32x4.add(value, residual);
    v128.store(out + at, value);
  }
  for (; at < end; at += 4) {
    store<f32>(out + at, finishValue(layer, (constants + at) >> 2, load<f32>(tile.dotsPtr + at), offset + at));
  }
}
