// XNOR-Net's K: how large the real inputs of a binary convolution are under each window.
import { averagePlane } from "../../pools/average-plane";
import { XnorscaleParams } from "./params";

// Larger than any padding, so that every tap of a window counts; small enough to add to a pixel index in i32.
const EVERY_TAP: i32 = 0x3fffffff;

/**
 * Computes   A[i, j] = sum over c of |x[n, c, i, j]|;  y[n, 0, i, j] = sum of A under the window / (C * kernelH * kernelW),
 *            A being 0 in the padding.
 * Operands   input: f32 NCHW.  output: f32 N1HW.  plane: scratch f32[H, W] for A.
 * Tile       one v128 of pixels for A in the SIMD build; the window sums as in avgpool.
 * Requires   OVERREAD_BYTES after the scratch plane.
 * Bounds     C + kernelH * kernelW f32 additions of non-negative terms: relative error at most that times 2^-24.
 * See        Rastegari et al., arXiv:1603.05279, section 3.2.
 */
export function xnorscale_f32(params: usize): void {
  const p = changetype<XnorscaleParams>(params);
  const inBytes: usize = (p.inHeight * p.inWidth) << 2;
  const outBytes: usize = (p.outHeight * p.outWidth) << 2;
  let from: usize = p.inputPtr;
  let to: usize = p.outputPtr;
  for (let n: u32 = 0; n < p.planes; n++, to += outBytes) {
    memory.fill(p.planePtr, 0, inBytes);
    for (let c: u32 = 0; c < p.channels; c++, from += inBytes) addMagnitudes(from, p.planePtr, inBytes);
    averagePlane(p, p.planePtr, to, p.channels, EVERY_TAP, EVERY_TAP, EVERY_TAP, EVERY_TAP);
  }
}

// @ts-ignore: decorator
@inline
function addMagnitudes(from: usize, to: usize, bytes: usize): void {
  const end = from + bytes;
  if (ASC_FEATURE_SIMD) {
    for (; from + 16 <= end; from += 16, to += 16) v128.store(to, f32x4.add(v128.load(to), f32x4.abs(v128.load(from))));
  }
  for (; from < end; from += 4, to += 4) store<f32>(to, load<f32>(to) + abs(load<f32>(from)));
}
