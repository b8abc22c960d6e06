// Average pool of f32 planes.
import { averagePlane } from "../../pools/average-plane";
import { canHalve, halvePlane } from "../../pools/halve-plane";
import { shareStart } from "../../share";
import { AvgpoolParams } from "./params";

/**
 * Computes   y[n, c, i, j] = sum of the window's taps inside the input / number of its taps that count. Those inside
 *            the input count, and with count margins those in the padding; never those that ceil mode adds beyond it.
 * Operands   input: f32 NCHW.  output: f32 NCHW, apart from input.
 * Tile       four neighbouring windows in one v128 in the SIMD build; stride 2 by two loads and a shuffle; 2 x 2 pixels at stride 2 without
 *            padding in a loop of their own.
 * Requires   every window has a tap inside the input; OVERREAD_BYTES after the input.
 * Bounds     kernelH * kernelW f32 additions in a row: relative error at most that times 2^-24 of the sum of |x|.
 * See        ONNX AveragePool (opset 19), torch.nn.AvgPool2d.
 */
export function avgpool_f32(params: usize, part: u32, parts: u32): void {
  const p = changetype<AvgpoolParams>(params);
  const inBytes = (p.inHeight * p.inWidth) << 2;
  const outBytes = (p.outHeight * p.outWidth) << 2;
  const end = shareStart(p.planes, 1, part + 1, parts);
  const halves = canHalve(p);
  for (let plane = shareStart(p.planes, 1, part, parts); plane < end; plane++) {
    const input = p.inputPtr + plane * inBytes;
    const output = p.outputPtr + plane * outBytes;
    if (ASC_FEATURE_SIMD && halves) halvePlane(p, input, output);
    else averagePlane(p, input, output, 1, p.countTop, p.countLeft, p.countBottom, p.countRight);
  }
}
