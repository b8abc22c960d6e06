// What a layer does with its real output v before it is stored or compared, in this order, each stage optional:
//   v + r;  v < 0 ? slope v : v;  clip to [low, high];  scale v + bias;  or v + r here      (docs/binary-math.md section 8)
// Vectors (lanes = pixels) and single values do the same operations in the same order, so results are equal to the last bit.
import { biasOf, dotFactor, outputValue, sumFactor } from "./element";
import { LayerParams } from "./layer";
import { OutputTile } from "./tile";

/** Return the finished value; `offset`: bytes from the start of an f32 value of the output's shape to this element. */
export function finishValue(layer: LayerParams, channel: u32, value: f32, offset: u32): f32 {
  if (!layer.hasEpilogue) return value;
  const residual: f32 = layer.residualPtr ? load<f32>(layer.residualPtr + offset) : 0;
  if (layer.residualPtr && !layer.addsLast) value += residual;
  if (layer.slopePtr && value < 0) value *= load<f32>(layer.slopePtr + (channel << 2));
  value = min<f32>(max<f32>(value, lowOf(layer)), highOf(layer));
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
    // A dense kernel of one row has its dots side by side: no room for vectors of pixels.
    if (pixelBytes == 4 && (stepBytes == 4 || tile.pixels == 1) && (tile.dotBytes & 15) == 0) {
      const bend: u32 = layer.slopePtr || highOf(layer) < f32.MAX_VALUE ? ALL : lowOf(layer) > -f32.MAX_VALUE ? LOW : 0;
      const kind = bend + u32(hasAffine(layer));
      if (!layer.residualPtr) writeAlone(kind, layer, tile, out, filterBytes, offset);
      else if (layer.addsLast) writeAddedLast(kind, layer, tile, out, filterBytes, offset);
      else writeAddedFirst(kind, layer, tile, out, filterBytes, offset);
      return;
    }
  }
  for (let i: u32 = 0; i < tile.filters; i++) {
    writeValues(layer, tile, i, 0, out + i * filterBytes, pixelBytes, offset + i * tile.filterBytes, stepBytes);
  }
}

/** Write the pixels from `pixel` on of the tile's row `row`, one by one. */
function writeValues(layer: LayerParams, tile: OutputTile, row: u32, pixel: u32, out: u32, pixelBytes: u32, offset: u32, stepBytes: u32): void {
  const channel = tile.firstFilter + row;
  const dots = tile.dotsPtr + row * tile.dotBytes;
  for (; pixel < tile.pixels; pixel++) {
    const at = pixel << 2;
    const sum: f32 = layer.betaPtr ? load<f32>(tile.sumsPtr + at) : 0;
    const scale: f32 = tile.scalesPtr ? load<f32>(tile.scalesPtr + at) : 1;
    const value = outputValue(layer, channel, load<f32>(dots + at), sum, scale);
    store<f32>(out + pixel * pixelBytes, finishValue(layer, channel, value, offset + pixel * stepBytes));
  }
}

// What a vector loop is compiled for: where the residual is added, what the clip is, whether an affine follows.
const FIRST: u32 = 1;
const LAST: u32 = 2;
const LOW: u32 = 2; // a lower limit alone, as ReLU has
const ALL: u32 = 4; // slopes and both limits
const AFFINE: u32 = 1;

function writeAlone(kind: u32, layer: LayerParams, tile: OutputTile, out: u32, filterBytes: u32, offset: u32): void {
  switch (kind) {
    case 0: writeRows(0, 0, layer, tile, out, filterBytes, offset); break;
    case AFFINE: writeRows(0, AFFINE, layer, tile, out, filterBytes, offset); break;
    case LOW: writeRows(0, LOW, layer, tile, out, filterBytes, offset); break;
    case LOW + AFFINE: writeRows(0, LOW + AFFINE, layer, tile, out, filterBytes, offset); break;
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
    case ALL: writeRows(LAST, ALL, layer, tile, out, filterBytes, offset); break;
    default: writeRows(LAST, ALL + AFFINE, layer, tile, out, filterBytes, offset);
  }
}

/** Write a tile whose pixels are neighbours, by vectors; `adds` and `kind` are constants. */
// @ts-ignore: decorator
@inline
function writeRows(adds: u32, kind: u32, layer: LayerParams, tile: OutputTile, out: u32, filterBytes: u32, offset: u32): void {
  const sums: u32 = layer.betaPtr ? tile.sumsPtr : 0;
  const scales: u32 = tile.scalesPtr;
  const low = f32x4.splat(lowOf(layer));
  const high = f32x4.splat(highOf(layer));
  // Rows of dots have room for whole vectors, outputs have not.
  const end: u32 = (layer.thresholdsPtr ? (tile.pixels + 3) & ~3 : tile.pixels & ~3) << 2;
  const isWhole = end >= tile.pixels << 2;
  let residual: u32 = layer.residualPtr + offset;
  let dots: u32 = tile.dotsPtr;
  for (let row: u32 = 0; row < tile.filters; row++) {
    const channel = tile.firstFilter + row;
    const factor = f32x4.splat(dotFactor(layer, channel));
    const bias = f32x4.splat(biasOf(layer, channel));
    const sumFactors = f32x4.splat(sums ? sumFactor(layer, channel) : 0);
    const slope = f32x4.splat(kind >= ALL && layer.slopePtr ? load<f32>(layer.slopePtr + (channel << 2)) : 1);
    const outScale = f32x4.splat(outScaleOf(layer, channel));
    const outBias = f32x4.splat(outBiasOf(layer, channel));
    for (let at: u32 = 0; at < end; at += 16) {
      let value = f32x4.mul(v128.load(dots + at), factor);
      if (sums) value = f32x4.add(value, f32x4.mul(v128.load(sums + at), sumFactors));
      if (scales) value = f32x4.mul(value, v128.load(scales + at));
      value = f32x4.add(value, bias);
      if (adds == FIRST) value = f32x4.add(value, v128.load(residual + at));
      if (kind >= ALL) value = v128.bitselect(f32x4.mul(value, slope), value, f32x4.lt(value, f32x4.splat(0)));
      if (kind >= LOW) value = f32x4.max(value, low);
      if (kind >= ALL) value = f32x4.min(value, high);
      if (kind & AFFINE) value = f32x4.add(f32x4.mul(value, outScale), outBias);
      if (adds == LAST) value = f32x4.add(value, v128.load(residual + at));
      v128.store(out + at, value);
    }
    if (!isWhole) writeValues(layer, tile, row, end >> 2, out, 4, offset + row * tile.filterBytes, 4);
    dots += tile.dotBytes;
    out += filterBytes;
    residual += tile.filterBytes;
  }
}
