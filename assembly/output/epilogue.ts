// What a layer does with its real output v before it is stored or compared, in this order, each stage optional:
//   v + r;  v < 0 ? slope v : v;  clip to [low, high];  scale v + bias;  or v + r here      (docs/binary-math.md section 8)
// Vectors (lanes = pixels) and single values do the same operations in the same order, so results are equal to the last bit.
import { writeFloatChannels } from "./channels";
import { biasOf, dotFactor, outputValue } from "./element";
import { writeFloats } from "./floats";
import { LayerParams } from "./layer";
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

// @ts-ignore: decorator
@inline
function lowOf(layer: LayerParams): f32 {
  return layer.low < layer.high && layer.low > -f32.MAX_VALUE ? layer.low : -Infinity;
}

// @ts-ignore: decorator
@inline
function highOf(layer: LayerParams): f32 {
  return layer.low < layer.high && layer.high < f32.MAX_VALUE ? layer.high : Infinity;
}

// @ts-ignore: decorator
@inline
function hasAffine(layer: LayerParams): bool {
  return (layer.outScalePtr | layer.outBiasPtr) != 0;
}

// @ts-ignore: decorator
@inline
function outScaleOf(layer: LayerParams, channel: u32): f32 {
  return layer.outScalePtr ? load<f32>(layer.outScalePtr + (channel << 2)) : 1;
}

// @ts-ignore: decorator
@inline
function outBiasOf(layer: LayerParams, channel: u32): f32 {
  return layer.outBiasPtr ? load<f32>(layer.outBiasPtr + (channel << 2)) : 0;
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
      const isClipped = lowOf(layer) > -f32.MAX_VALUE || highOf(layer) < f32.MAX_VALUE;
      const isBent = layer.slopePtr != 0 || highOf(layer) < f32.MAX_VALUE;
      const bend: u32 = isBent ? (isClipped ? ALL : SLOPE) : isClipped ? LOW : 0;
      const kind = bend + u32(hasAffine(layer));
      if (!layer.residualPtr) writeAlone(kind, layer, tile, out, filterBytes, offset);
      else if (layer.addsLast) writeAddedLast(kind, layer, tile, out, filterBytes, offset);
      else writeAddedFirst(kind, layer, tile, out, filterBytes, offset);
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

// What a vector loop is compiled for: where the residual is added, what the clip is, whether an affine follows.
const FIRST: u32 = 1;
const LAST: u32 = 2;
const LOW: u32 = 2; // a lower limit alone, as ReLU has
const SLOPE: u32 = 4; // slopes alone, as PReLU has
const ALL: u32 = 6; // slopes and both limits
const AFFINE: u32 = 1;

function writeAlone(kind: u32, layer: LayerParams, tile: OutputTile, out: u32, filterBytes: u32, offset: u32): void {
  switch (kind) {
    case 0: writeRows(0, 0, layer, tile, out, filterBytes, offset); break;
    case AFFINE: writeRows(0, AFFINE, layer, tile, out, filterBytes, offset); break;
    case LOW: writeRows(0, LOW, layer, tile, out, filterBytes, offset); break;
    case LOW + AFFINE: writeRows(0, LOW + AFFINE, layer, tile, out, filterBytes, offset); break;
    case SLOPE: writeRows(0, SLOPE, layer, tile, out, filterBytes, offset); break;
    case SLOPE + AFFINE: writeRows(0, SLOPE + AFFINE, layer, tile, out, filterBytes, offset); break;
    case ALL: writeRows(0, ALL, layer, tile, out, filterBytes, offset); break;
    default: writeRows(0, ALL + AFFINE, layer, tile, out, filterBytes, offset);
  }
}

function writeAddedFirst(kind: u32, layer: LayerParams, tile: OutputTile, out: u32, filterBytes: u32, offset: u32): void {
  switch (kind) {
    case 0: writeRows(FIRST, 0, layer, tile, out, filterBytes, offset); break;
    case AFFINE: writeRows(FIRST, AFFINE, layer, tile, out, filterBytes, offset); break;
    case LOW: writeRows(FIRST, LOW, layer, tile, out, filterBytes, offset); break;
    case LOW + AFFINE: writeRows(FIRST, LOW + AFFINE, layer, tile, out, filterBytes, offset); break;
    case SLOPE: writeRows(FIRST, SLOPE, layer, tile, out, filterBytes, offset); break;
    case SLOPE + AFFINE: writeRows(FIRST, SLOPE + AFFINE, layer, tile, out, filterBytes, offset); break;
    case ALL: writeRows(FIRST, ALL, layer, tile, out, filterBytes, offset); break;
    default: writeRows(FIRST, ALL + AFFINE, layer, tile, out, filterBytes, offset);
  }
}

function writeAddedLast(kind: u32, layer: LayerParams, tile: OutputTile, out: u32, filterBytes: u32, offset: u32): void {
  switch (kind) {
    case 0: writeRows(LAST, 0, layer, tile, out, filterBytes, offset); break;
    case AFFINE: writeRows(LAST, AFFINE, layer, tile, out, filterBytes, offset); break;
    case LOW: writeRows(LAST, LOW, layer, tile, out, filterBytes, offset); break;
    case LOW + AFFINE: writeRows(LAST, LOW + AFFINE, layer, tile, out, filterBytes, offset); break;
    case SLOPE: writeRows(LAST, SLOPE, layer, tile, out, filterBytes, offset); break;
    case SLOPE + AFFINE: writeRows(LAST, SLOPE + AFFINE, layer, tile, out, filterBytes, offset); break;
    case ALL: writeRows(LAST, ALL, layer, tile, out, filterBytes, offset); break;
    default: writeRows(LAST, ALL + AFFINE, layer, tile, out, filterBytes, offset);
  }
}

/** Write a tile whose pixels are neighbours, by vectors; `adds` and `kind` are constants. */
// @ts-ignore: decorator
@inline
function writeRows(adds: u32, kind: u32, layer: LayerParams, tile: OutputTile, out: u32, filterBytes: u32, offset: u32): void {
  // Two levels and scales per pixel are rarer: then the dots become y first.
  const isReal = layer.betaPtr != 0 || tile.scalesPtr != 0;
  if (isReal) writeFloats(layer, tile, tile.dotsPtr, tile.dotBytes, 4);
  const low = f32x4.splat(lowOf(layer));
  const high = f32x4.splat(highOf(layer));
  // Dots and residuals may be read past a row's end, but nothing is written there: other dots may follow.
  const pixels = tile.pixels;
  const end: u32 = (pixels & ~3) << 2;
  const dotBytes = tile.dotBytes;
  const residualBytes = tile.filterBytes;
  let residual: u32 = layer.residualPtr + offset;
  let dots: u32 = tile.dotsPtr;
  let channel = tile.firstFilter;
  for (const last = channel + tile.filters; channel < last; channel++) {
    const factor = f32x4.splat(isReal ? 1 : dotFactor(layer, channel));
    const bias = f32x4.splat(isReal ? 0 : biasOf(layer, channel));
    let slope = low, outScale = low, outBias = low;
    if (kind >= SLOPE) slope = f32x4.splat(layer.slopePtr ? load<f32>(layer.slopePtr + (channel << 2)) : 1);
    if (kind & AFFINE) {
      outScale = f32x4.splat(outScaleOf(layer, channel));
      outBias = f32x4.splat(outBiasOf(layer, channel));
    }
    let at: u32 = 0;
    for (; at + 64 <= end; at += 64) {
      const to = out + at;
      const from = dots + at;
      const other = residual + at;
      v128.store(to, finishVector(adds, kind, v128.load(from), other, factor, bias, slope, low, high, outScale, outBias));
      v128.store(to, finishVector(adds, kind, v128.load(from, 16), other + 16, factor, bias, slope, low, high, outScale, outBias), 16);
      v128.store(to, finishVector(adds, kind, v128.load(from, 32), other + 32, factor, bias, slope, low, high, outScale, outBias), 32);
      v128.store(to, finishVector(adds, kind, v128.load(from, 48), other + 48, factor, bias, slope, low, high, outScale, outBias), 48);
    }
    for (; at < end; at += 16) {
      v128.store(out + at, finishVector(adds, kind, v128.load(dots + at), residual + at, factor, bias, slope, low, high, outScale, outBias));
    }
    if (pixels & 3) {
      const value = finishVector(adds, kind, v128.load(dots + at), residual + at, factor, bias, slope, low, high, outScale, outBias);
      if (pixels & 2) v128.store64_lane(out + at, value, 0);
      if (pixels & 1) {
        if (pixels & 2) v128.store32_lane(out + at, value, 2, 8);
        else v128.store32_lane(out + at, value, 0);
      }
    }
    dots += dotBytes;
    out += filterBytes;
    residual += residualBytes;
  }
}

/** Finish four pixels. */
// @ts-ignore: decorator
@inline
function finishVector(
  adds: u32, kind: u32, dots: v128, residual: u32, factor: v128, bias: v128, slope: v128, low: v128, high: v128, outScale: v128, outBias: v128,
): v128 {
  let value = f32x4.add(f32x4.mul(dots, factor), bias);
  if (adds == FIRST) value = f32x4.add(value, v128.load(residual));
  if (kind >= SLOPE) value = v128.bitselect(f32x4.mul(value, slope), value, f32x4.lt(value, f32x4.splat(0)));
  if (kind & LOW) value = f32x4.pmax(value, low);
  if (kind >= ALL) value = f32x4.pmin(value, high);
  if (kind & AFFINE) value = f32x4.add(f32x4.mul(value, outScale), outBias);
  if (adds == LAST) value = f32x4.add(value, v128.load(residual));
  return value;
}
