// Max pool of f32 planes.
import { maxPlane } from "../../pools/plane";
import { MaxpoolParams } from "./params";

/**
 * Computes   y[n, c, i, j] = max over taps (k, l) of x[n, c, i * strideH - padTop + k * dilationH, j * strideW - padLeft + l * dilationW]
 *            that lie inside the input.
 * Operands   input: f32 NCHW.  output: f32 NCHW, apart from input.
 * Tile       four neighbouring windows in one v128 in the SIMD build; stride 2 by two loads and a shuffle.
 * Requires   every window has a tap inside the input; OVERREAD_BYTES after the input.
 * Bounds     no accumulator; a NaN never wins.
 * See        ONNX MaxPool.
 */
export function maxpool_f32(params: usize): void {
  const p = changetype<MaxpoolParams>(params);
  const inBytes: usize = (p.inHeight * p.inWidth) << 2;
  const outBytes: usize = (p.outHeight * p.outWidth) << 2;
  let from: usize = p.inputPtr;
  let to: usize = p.outputPtr;
  for (let plane: u32 = 0; plane < p.planes; plane++, from += inBytes, to += outBytes) maxPlane(p, from, to);
}
