// Convolution of f32 inputs with binary weights: pixel-tiles.ts walks, lut-products.ts looks up.
import { convolveTiles } from "./pixel-tiles";

/**
 * Computes   D = sum over taps and channels of (weight bit ? -x : x), S = sum of x, zeros outside the image; then outputValue.
 * Operands   input: f32 NCHW. weights: bits OHW[Iw]. output: f32 NCHW, or bits NHW[Cw].
 * Tile       2 filters x 16 pixels x 1 nibble, 8 accumulators; see gemm/lut.ts.
 * Requires   tilePixels 16; scratch as drawn; 32 bytes of over-read.
 * Bounds     f32 sums: relative error <= (depth / 4 + 2) * 2^-24 of sum |x|.
 * See        gemm/lut.ts; docs/binary-math.md section 2.
 */
export function conv2d_f32b1f32_lut_2x16(params: usize): void {
  convolveTiles(params, true);
}

/**
 * Computes   the same y, then one bit an output: (y < threshold) != flip.
 * Operands   as above; output: bits NHW[Cw].
 * Tile       as above.
 * Requires   as above, and thresholds.
 * Bounds     as above.
 * See        conv2d_f32b1f32_lut_2x16.
 */
export function conv2d_f32b1b1_lut_2x16(params: usize): void {
  convolveTiles(params, true);
}
