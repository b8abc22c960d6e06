// Inputs on the int8 grid, packed for products of pairs: padded rows of pixels with their channels side by side, so that a row of
// the window is a run of neighbouring values.
//
// Scratch: scales: f32[N] rounded up to 16 bytes | rows: i16 [N][rows][rowBytes / 2]
//   rows[n][r][k I + c] = q - zeroPoint of input[n, c, r - padTop, k - padLeft], 0 outside the image and past the last column
import { imageScale, quantizeFour, readOnGrid } from "../../pack/quantize";
import { Conv2dParams } from "./params";

/** Where the packed rows begin. */
// @ts-ignore: decorator
@inline
export function firstRow(p: Conv2dParams): u32 {
  return p.scratchPtr + ((p.batch * 4 + 15) & ~15);
}

/** Packed rows of an image. */
// @ts-ignore: decorator
@inline
export function rowsOf(p: Conv2dParams): u32 {
  return (p.outHeight - 1) * p.strideH + (p.kernelH - 1) * p.dilationH + 1;
}

/** Columns of a packed row: for a whole number of four output pixels. */
// @ts-ignore: decorator
@inline
function columnsOf(p: Conv2dParams): u32 {
  return ((p.outWidth + 3) & ~3) * p.strideW + p.kernelW;
}

/** Bytes of a packed row, with room for the second half of an odd row's last pair. */
// @ts-ignore: decorator
@inline
export function rowBytesOf(p: Conv2dParams): u32 {
  return (columnsOf(p) * p.inChannels * 2 + 17) & ~15;
}

/**
 * Computes   the rows drawn above, and each image's scale.
 * Operands   input: f32 or, with a stored scale, int8 NCHW. rows: i16, in scratch. scales: f32[N], in scratch.
 * Tile       4 pixels.
 * Requires   one group, dilationW 1; a zero point of -128 to 127; 16 bytes of over-read.
 * Bounds     |q - zeroPoint| <= 255, and <= 128 where the zero point is 0.
 * See        pack/quantize.ts; docs/binary-math.md.
 */
export function conv2d_pack_pairs(params: usize, part: u32, parts: u32): void {
  const p = changetype<Conv2dParams>(params);
  const rows = rowsOf(p);
  const rowBytes = rowBytesOf(p);
  const planeBytes = p.inHeight * p.inWidth * p.inputElemBytes;
  const all = (p.batch * rows) as u64;
  const end = ((all * (part + 1)) / parts) as u32;
  let known = u32.MAX_VALUE;
  let scale: f32 = 1;
  for (let i = ((all * part) / parts) as u32; i < end; i++) {
    const n = i / rows;
    const image = p.inputPtr + n * p.inChannels * planeBytes;
    if (n != known) {
      known = n;
      // Every part finds the same scale and notes it.
      scale = imageScale(image, p.inChannels * p.inHeight * p.inWidth, p.inputScale);
      store<f32>(p.scratchPtr + (n << 2), scale);
    }
    const to = firstRow(p) + i * rowBytes;
    const y = i - n * rows - p.padTop;
    memory.fill(to, 0, rowBytes);
    const columns = columnsOf(p);
    if (y >= p.inHeight || p.padLeft >= columns) continue;
    const count = min(p.inWidth, columns - p.padLeft);
    for (let c: u32 = 0; c < p.inChannels; c++) {
      const from = image + c * planeBytes + y * p.inWidth * p.inputElemBytes;
      packLine(p, from, count, to + ((p.padLeft * p.inChannels + c) << 1), scale);
    }
  }
}

/** Pack `count` neighbours to the places of one channel. */
function packLine(p: Conv2dParams, from: u32, count: u32, to: u32, scale: f32): void {
  const stepBytes = p.inChannels << 1;
  const elemBytes = p.inputElemBytes;
  const zero = p.inputZeroPoint as f32;
  const scales = f32x4.splat(scale);
  const zeros = i32x4.splat(p.inputZeroPoint);
  for (; count >= 4; count -= 4, from += 4 * elemBytes) {
    let four: v128;
    if (elemBytes == 1) four = i32x4.sub(i32x4.extend_low_i16x8_s(i16x8.extend_low_i8x16_s(v128.load32_zero(from))), zeros);
    else four = i32x4.trunc_sat_f32x4_s(quantizeFour(v128.load(from), scales, zero));
    v128.store_lane<i16>(to, four, 0);
    to += stepBytes;
    v128.store_lane<i16>(to, four, 2);
    to += stepBytes;
    v128.store_lane<i16>(to, four, 4);
    to += stepBytes;
    v128.store_lane<i16>(to, four, 6);
    to += stepBytes;
  }
  for (; count > 0; count--, from += elemBytes, to += stepBytes) store<i16>(to, readOnGrid(from, elemBytes, scale, zero) as i16);
}
