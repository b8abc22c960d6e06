// Max pool of f32 planes.
import { clearLine, maxPlane } from "../../pools/max-plane";
import { shareStart, sharesRows } from "../../share";
import { MaxpoolParams } from "./params";

/**
 * Computes   y[n, c, i, j] = max over taps (k, l) of x[n, c, i * strideH - padTop + k * dilationH, j * strideW - padLeft + l * dilationW]
 *            that lie inside the input; of zeros the first, down each column, then across.
 * Operands   input: f32 NCHW.  output: f32 NCHW, apart from input.
 * Tile       in the SIMD build eight columns of a window's rows, then four neighbouring windows in one v128; stride 2 by two loads and a shuffle.
 * Requires   every window has a tap inside the input; OVERREAD_BYTES after the input; each part has its own line of scratch.
 * Bounds     no accumulator; a NaN never wins.
 * See        ONNX MaxPool.
 */
export function maxpool_f32(params: usize, part: u32, parts: u32): void {
  const p = changetype<MaxpoolParams>(params);
  const inBytes = (p.inHeight * p.inWidth) << 2;
  const outBytes = (p.outHeight * p.outWidth) << 2;
  const isRows = sharesRows(p.outHeight * p.outWidth, parts);
  const first: u32 = isRows ? shareStart(p.outHeight, 1, part, parts) : 0;
  const end = isRows ? shareStart(p.outHeight, 1, part + 1, parts) : p.outHeight;
  const endPlane = isRows ? p.planes : shareStart(p.planes, 1, part + 1, parts);
  const line: usize = p.threadPtr + part * p.threadBytes;
  clearLine(p, line);
  for (let plane: u32 = isRows ? 0 : shareStart(p.planes, 1, part, parts); plane < endPlane; plane++) {
    maxPlane(p, p.inputPtr + plane * inBytes, p.outputPtr + plane * outBytes, line, first, end);
  }
}
