// Convolution of f32 inputs with f32 weights: pixel-tiles.ts walks, direct-products.ts multiplies.
import { convolveTiles } from "./pixel-tiles";

/**
 * Computes   y[n,o,y,x] = sum over taps and channels of input * weight, zeros outside the image; then outputValue.
 * Operands   input: f32 NCHW. weights: f32 OHWI. output: f32 NCHW, or bits NHW[Cw].
 * Tile       2 filters x 16 pixels, 8 accumulators, 12 live v128, or 2 x 12; see gemm/f32.ts.
 * Requires   tilePixels a multiple of 16; scratch as drawn; 64 bytes of over-read.
 * Bounds     f32 sums in order of k: relative error <= depth * 2^-24 of sum |w x|.
 * See        kernels of rten-gemm for the register tile.
 */
export function conv2d_f32_direct_2x16(params: usize, part: u32, parts: u32): void {
  convolveTiles(params, part, parts);
}

/**
 * Computes   the same y, then one bit an output: (y < threshold) != flip.
 * Operands   as above; output: bits NHW[Cw].
 * Tile       as above.
 * Requires   as above, and thresholds.
 * Bounds     as above.
 * See        conv2d_f32_direct_2x16.
 */
export function conv2d_f32f32b1_direct_2x16(params: usize, part: u32, parts: u32): void {
  convolveTiles(params, part, parts);
}

/**
 * Computes   the same y of inputs +1 and -1, padValue outside the image; then outputValue.
 * Operands   input: bits NHW[Cw]. weights: f32 OHWI. output: f32 NCHW.
 * Tile       as above; bits are expanded to f32 as they are packed, see pack/signs.ts.
 * Requires   tilePixels a multiple of 16; scratch as drawn.
 * Bounds     as above.
 * See        conv2d_f32_direct_2x16.
 */
export function conv2d_b1f32f32_direct_2x16(params: usize, part: u32, parts: u32): void {
  convolveTiles(params, part, parts, true);
}

/**
 * Computes   the same y, then one bit an output: (y < threshold) != flip.
 * Operands   as above; output: bits NHW[Cw].
 * Tile       as above.
 * Requires   as above, and thresholds.
 * Bounds     as above.
 * See        conv2d_b1f32f32_direct_2x16.
 */
export function conv2d_b1f32b1_direct_2x16(params: usize, part: u32, parts: u32): void {
  convolveTiles(params, part, parts, true);
}
