// The epilogue of a tile whose pixels are neighbours, by vectors, lanes = pixels. Each combination of stages is a function of its own:
// hosts compile the few that a network uses, and in a cold start soon enough to be of use.
import { biasOf, dotFactor } from "./element";
import { writeFloats } from "./floats";
import { LayerParams } from "./layer";
import { hasAffine, highOf, lowOf, outBiasOf, outScaleOf } from "./stages";
import { OutputTile } from "./tile";

// What a loop is compiled for: where the residual is added, what the clip is, whether an affine follows.
const FIRST: u32 = 1;
const LAST: u32 = 2;
const LOW: u32 = 2; // a lower limit alone, as ReLU has
const SLOPE: u32 = 4; // slopes alone, as PReLU has
const ALL: u32 = 6; // slopes and both limits
const AFFINE: u32 = 1;

/** Write all values to `out`; `offset`: bytes from the start of an f32 value of the output's shape to the tile. */
export function finishRows(layer: LayerParams, tile: OutputTile, out: u32, filterBytes: u32, offset: u32): void {
  const isClipped = lowOf(layer) > -f32.MAX_VALUE || highOf(layer) < f32.MAX_VALUE;
  const isBent = layer.slopePtr != 0 || highOf(layer) < f32.MAX_VALUE;
  const bend: u32 = isBent ? (isClipped ? ALL : SLOPE) : isClipped ? LOW : 0;
  const kind = bend + u32(hasAffine(layer));
  if (!layer.residualPtr) {
    switch (kind) {
      case 0: aloneNone(layer, tile, out, filterBytes, offset); break;
      case AFFINE: aloneAffine(layer, tile, out, filterBytes, offset); break;
      case LOW: aloneLow(layer, tile, out, filterBytes, offset); break;
      case LOW + AFFINE: aloneLowAffine(layer, tile, out, filterBytes, offset); break;
      case SLOPE: aloneSlope(layer, tile, out, filterBytes, offset); break;
      case SLOPE + AFFINE: aloneSlopeAffine(layer, tile, out, filterBytes, offset); break;
      case ALL: aloneAll(layer, tile, out, filterBytes, offset); break;
      default: aloneAllAffine(layer, tile, out, filterBytes, offset);
    }
  } else if (layer.addsLast) {
    switch (kind) {
      case 0: lastNone(layer, tile, out, filterBytes, offset); break;
      case AFFINE: lastAffine(layer, tile, out, filterBytes, offset); break;
      case LOW: lastLow(layer, tile, out, filterBytes, offset); break;
      case LOW + AFFINE: lastLowAffine(layer, tile, out, filterBytes, offset); break;
      case SLOPE: lastSlope(layer, tile, out, filterBytes, offset); break;
      case SLOPE + AFFINE: lastSlopeAffine(layer, tile, out, filterBytes, offset); break;
      case ALL: lastAll(layer, tile, out, filterBytes, offset); break;
      default: lastAllAffine(layer, tile, out, filterBytes, offset);
    }
  } else {
    switch (kind) {
      case 0: firstNone(layer, tile, out, filterBytes, offset); break;
      case AFFINE: firstAffine(layer, tile, out, filterBytes, offset); break;
      case LOW: firstLow(layer, tile, out, filterBytes, offset); break;
      case LOW + AFFINE: firstLowAffine(layer, tile, out, filterBytes, offset); break;
      case SLOPE: firstSlope(layer, tile, out, filterBytes, offset); break;
      case SLOPE + AFFINE: firstSlopeAffine(layer, tile, out, filterBytes, offset); break;
      case ALL: firstAll(layer, tile, out, filterBytes, offset); break;
      default: firstAllAffine(layer, tile, out, filterBytes, offset);
    }
  }
}

function aloneNone(layer: LayerParams, tile: OutputTile, out: u32, filterBytes: u32, offset: u32): void {
  writeRows(0, 0, layer, tile, out, filterBytes, offset);
}

function aloneAffine(layer: LayerParams, tile: OutputTile, out: u32, filterBytes: u32, offset: u32): void {
  writeRows(0, AFFINE, layer, tile, out, filterBytes, offset);
}

function aloneLow(layer: LayerParams, tile: OutputTile, out: u32, filterBytes: u32, offset: u32): void {
  writeRows(0, LOW, layer, tile, out, filterBytes, offset);
}

function aloneLowAffine(layer: LayerParams, tile: OutputTile, out: u32, filterBytes: u32, offset: u32): void {
  writeRows(0, LOW + AFFINE, layer, tile, out, filterBytes, offset);
}

function aloneSlope(layer: LayerParams, tile: OutputTile, out: u32, filterBytes: u32, offset: u32): void {
  writeRows(0, SLOPE, layer, tile, out, filterBytes, offset);
}

function aloneSlopeAffine(layer: LayerParams, tile: OutputTile, out: u32, filterBytes: u32, offset: u32): void {
  writeRows(0, SLOPE + AFFINE, layer, tile, out, filterBytes, offset);
}

function aloneAll(layer: LayerParams, tile: OutputTile, out: u32, filterBytes: u32, offset: u32): void {
  writeRows(0, ALL, layer, tile, out, filterBytes, offset);
}

function aloneAllAffine(layer: LayerParams, tile: OutputTile, out: u32, filterBytes: u32, offset: u32): void {
  writeRows(0, ALL + AFFINE, layer, tile, out, filterBytes, offset);
}

function firstNone(layer: LayerParams, tile: OutputTile, out: u32, filterBytes: u32, offset: u32): void {
  writeRows(FIRST, 0, layer, tile, out, filterBytes, offset);
}

function firstAffine(layer: LayerParams, tile: OutputTile, out: u32, filterBytes: u32, offset: u32): void {
  writeRows(FIRST, AFFINE, layer, tile, out, filterBytes, offset);
}

function firstLow(layer: LayerParams, tile: OutputTile, out: u32, filterBytes: u32, offset: u32): void {
  writeRows(FIRST, LOW, layer, tile, out, filterBytes, offset);
}

function firstLowAffine(layer: LayerParams, tile: OutputTile, out: u32, filterBytes: u32, offset: u32): void {
  writeRows(FIRST, LOW + AFFINE, layer, tile, out, filterBytes, offset);
}

function firstSlope(layer: LayerParams, tile: OutputTile, out: u32, filterBytes: u32, offset: u32): void {
  writeRows(FIRST, SLOPE, layer, tile, out, filterBytes, offset);
}

function firstSlopeAffine(layer: LayerParams, tile: OutputTile, out: u32, filterBytes: u32, offset: u32): void {
  writeRows(FIRST, SLOPE + AFFINE, layer, tile, out, filterBytes, offset);
}

function firstAll(layer: LayerParams, tile: OutputTile, out: u32, filterBytes: u32, offset: u32): void {
  writeRows(FIRST, ALL, layer, tile, out, filterBytes, offset);
}

function firstAllAffine(layer: LayerParams, tile: OutputTile, out: u32, filterBytes: u32, offset: u32): void {
  writeRows(FIRST, ALL + AFFINE, layer, tile, out, filterBytes, offset);
}

function lastNone(layer: LayerParams, tile: OutputTile, out: u32, filterBytes: u32, offset: u32): void {
  writeRows(LAST, 0, layer, tile, out, filterBytes, offset);
}

function lastAffine(layer: LayerParams, tile: OutputTile, out: u32, filterBytes: u32, offset: u32): void {
  writeRows(LAST, AFFINE, layer, tile, out, filterBytes, offset);
}

function lastLow(layer: LayerParams, tile: OutputTile, out: u32, filterBytes: u32, offset: u32): void {
  writeRows(LAST, LOW, layer, tile, out, filterBytes, offset);
}

function lastLowAffine(layer: LayerParams, tile: OutputTile, out: u32, filterBytes: u32, offset: u32): void {
  writeRows(LAST, LOW + AFFINE, layer, tile, out, filterBytes, offset);
}

function lastSlope(layer: LayerParams, tile: OutputTile, out: u32, filterBytes: u32, offset: u32): void {
  writeRows(LAST, SLOPE, layer, tile, out, filterBytes, offset);
}

function lastSlopeAffine(layer: LayerParams, tile: OutputTile, out: u32, filterBytes: u32, offset: u32): void {
  writeRows(LAST, SLOPE + AFFINE, layer, tile, out, filterBytes, offset);
}

function lastAll(layer: LayerParams, tile: OutputTile, out: u32, filterBytes: u32, offset: u32): void {
  writeRows(LAST, ALL, layer, tile, out, filterBytes, offset);
}

function lastAllAffine(layer: LayerParams, tile: OutputTile, out: u32, filterBytes: u32, offset: u32): void {
  writeRows(LAST, ALL + AFFINE, layer, tile, out, filterBytes, offset);
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
