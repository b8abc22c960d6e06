// Output stage, real values to int8: q = clamp(round_half_even(y / scale) + zero point, -128, 127), by the functions that read floats on such a
// grid (pack/quantize.ts), so a layer that reads q finds what it would have made of y.
import { quantize, quantizeFour } from "../pack/quantize";
import { LayerParams } from "./layer";
import { OutputTile } from "./tile";

/** Return q of one value, as the low byte. */
// @ts-ignore: decorator
@inline
export function byteOf(layer: LayerParams, value: f32): i32 {
  return (quantize(value, layer.outGridScale, layer.outGridZeroPoint as f32) as i32) + layer.outGridZeroPoint;
}

/** Write the tile, whose dots have become y. Its record is that of an f32 output; a quarter of each distance is that of int8. */
export function writeBytes(layer: LayerParams, tile: OutputTile): void {
  const pixelBytes = tile.pixelBytes >> 2;
  const filterBytes = tile.filterBytes >> 2;
  let out: u32 = layer.outputPtr + ((tile.outPtr - layer.outputPtr) >> 2);
  let values: u32 = tile.dotsPtr;
  if (ASC_FEATURE_SIMD) {
    // One pixel, its filters side by side in both; or lines of pixels, a filter each.
    if (tile.dotBytes == 4) {
      writeRuns(layer, values, 0, 1, tile.filters, out, 0);
      return;
    }
    if (pixelBytes == 1) {
      writeRuns(layer, values, tile.dotBytes, tile.filters, tile.pixels, out, filterBytes);
      return;
    }
  }
  for (let filter = tile.filters; filter > 0; filter--, out += filterBytes, values += tile.dotBytes) {
    for (let pixel: u32 = 0; pixel < tile.pixels; pixel++) store<i8>(out + pixel * pixelBytes, byteOf(layer, load<f32>(values + (pixel << 2))));
  }
}

/** Write runs of `count` values that lie side by side; up to 28 bytes past a run are read, and nothing is written there. */
function writeRuns(layer: LayerParams, values: u32, valueBytes: u32, runs: u32, count: u32, out: u32, outBytes: u32): void {
  const scale = f32x4.splat(layer.outGridScale);
  const zero = layer.outGridZeroPoint as f32;
  const zeros = i16x8.splat(layer.outGridZeroPoint as i16);
  const whole = count & ~7;
  for (; runs > 0; runs--, values += valueBytes, out += outBytes) {
    for (let i: u32 = 0; i < whole; i += 8) v128.store64_lane(out + i, eightBytes(values + (i << 2), scale, zero, zeros), 0);
    if (whole == count) continue;
    let rest = eightBytes(values + (whole << 2), scale, zero, zeros);
    let to = out + whole;
    if (count & 4) {
      v128.store32_lane(to, rest, 0);
      rest = i64x2.shr_u(rest, 32);
      to += 4;
    }
    if (count & 2) {
      v128.store16_lane(to, rest, 0);
      rest = i64x2.shr_u(rest, 16);
      to += 2;
    }
    if (count & 1) v128.store8_lane(to, rest, 0);
  }
}

// @ts-ignore: decorator
@inline
function eightBytes(values: u32, scale: v128, zero: f32, zeros: v128): v128 {
  const low = i32x4.trunc_sat_f32x4_s(quantizeFour(v128.load(values), scale, zero));
  const high = i32x4.trunc_sat_f32x4_s(quantizeFour(v128.load(values, 16), scale, zero));
  const eight = i16x8.add(i16x8.narrow_i32x4_s(low, high), zeros);
  return i8x16.narrow_i16x8_s(eight, eight);
}
