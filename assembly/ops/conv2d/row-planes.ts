// Packing for the row look-ups: every input channel as zero-padded planes in which each tap of the window is a load at a
// constant offset, so that no tap needs a copy of its own.
//
// A stride s splits rows and columns into phases; stride 1 has one. Plane (py, px) of a channel holds, flat over its rows,
//   plane[r * planeCols + c] = input[r strideH + py - padTop, c strideW + px - padLeft], 0 outside the image,
// and output pixel (y, x) is position y * planeCols + x. planeCols is as small as can be: the zeros right of a row are the
// zeros left of the next. Positions whose x is no output pixel are computed and dropped.
//
//   3x3, pad 1, width 4: planeCols 5         x 0 1 2 3 | 4
//      0 0 0 0 0                               . . . .   -
//      0 a b c d          tap (ky, kx) is      . . . .   -       - : dropped
//      0 e f g h          ky * 5 + kx on       . . . .   -
//      0 0 0 0 0
//      0 0
// Scratch: scales: f32[N] rounded up to 16 bytes | planes: [N][groups][run, up to whole tables][phases] x planeBytes
import { imageScale, quantizeFour, readOnGrid } from "../../pack/quantize";
import { Conv2dParams } from "./params";

/** Where the planes begin. */
// @ts-ignore: decorator
@inline
export function firstPlane(p: Conv2dParams): u32 {
  return p.scratchPtr + ((p.batch * 4 + 15) & ~15);
}

/** Look-ups that a tap of a group takes; the last one's missing channels are planes of zeros. */
// @ts-ignore: decorator
@inline
export function tapLookups(p: Conv2dParams): u32 {
  return (p.inChannels / p.groups + p.tableChannels - 1) / p.tableChannels;
}

// @ts-ignore: decorator
@inline
export function phasesH(p: Conv2dParams): u32 {
  return min(p.strideH, p.dilationH * (p.kernelH - 1) + 1);
}

// @ts-ignore: decorator
@inline
export function phasesW(p: Conv2dParams): u32 {
  return min(p.strideW, p.dilationW * (p.kernelW - 1) + 1);
}

/** Pack this part's channels; T is f32, or i16 for the int8 grid. The output's bits are cleared on the way. */
// @ts-ignore: decorator
@inline
function pack<T>(params: usize, part: u32, parts: u32): void {
  const p = changetype<Conv2dParams>(params);
  const run = p.inChannels / p.groups;
  const packed = tapLookups(p) * p.tableChannels;
  const perImage = p.groups * packed;
  const channelBytes = phasesH(p) * phasesW(p) * p.planeBytes;
  const inPixels = p.inHeight * p.inWidth;
  const elemBytes: u32 = isFloat<T>() ? 4 : p.inputElemBytes;
  const end = ((((p.batch * perImage) as u64) * (part + 1)) / parts) as u32;
  let image: u32 = u32.MAX_VALUE;
  let scale: f32 = 1;
  for (let i = ((((p.batch * perImage) as u64) * part) / parts) as u32; i < end; i++) {
    const n = i / perImage;
    if (!isFloat<T>() && n != image) {
      image = n;
      // Every part finds the same scale and notes it.
      scale = imageScale(p.inputPtr + n * p.inChannels * inPixels * elemBytes, p.inChannels * inPixels, p.inputScale);
      store<f32>(p.scratchPtr + (n << 2), scale);
    }
    const group = (i % perImage) / packed;
    const channel = i % packed;
    const plane = firstPlane(p) + i * channelBytes;
    memory.fill(plane, 0, channelBytes);
    if (channel < run) packChannel<T>(p, p.inputPtr + (n * p.inChannels + group * run + channel) * inPixels * elemBytes, elemBytes, plane, scale);
  }
  if (p.thresholdsPtr && part == 0) memory.fill(p.outputPtr, 0, (p.batch * p.outHeight * p.outWidth * ((p.outChannels + 31) >> 5)) << 2);
}

function packChannel<T>(p: Conv2dParams, from: u32, elemBytes: u32, plane: u32, scale: f32): void {
  const zero = p.inputZeroPoint as f32;
  const rows = p.outHeight + (p.dilationH * (p.kernelH - 1)) / p.strideH;
  const cols = p.outWidth + (p.dilationW * (p.kernelW - 1)) / p.strideW;
  for (let py: u32 = 0; py < phasesH(p); py++) {
    for (let px: u32 = 0; px < phasesW(p); px++, plane += p.planeBytes) {
      const firstRow = p.padTop > py ? (p.padTop - py + p.strideH - 1) / p.strideH : 0;
      const firstCol = p.padLeft > px ? (p.padLeft - px + p.strideW - 1) / p.strideW : 0;
      const x = firstCol * p.strideW + px - p.padLeft;
      if (x >= p.inWidth || firstCol >= cols) continue;
      const count = min((p.inWidth - x + p.strideW - 1) / p.strideW, cols - firstCol);
      for (let row = firstRow; row < rows; row++) {
        const y = row * p.strideH + py - p.padTop;
        if (y >= p.inHeight) break;
        const to = plane + (row * p.planeCols + firstCol) * (sizeof<T>() as u32);
        packRow<T>(from + (y * p.inWidth + x) * elemBytes, elemBytes, p.strideW, count, to, scale, zero);
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function packRow<T>(from: u32, elemBytes: u32, stride: u32, count: u32, to: u32, scale: f32, zero: f32): void {
  if (ASC_FEATURE_SIMD) {
    const scales = f32x4.splat(scale);
    if (!isFloat<T>() && elemBytes == 1) {
      const zeros = i16x8.splat(zero as i16);
      if (stride == 1) {
        for (; count >= 8; count -= 8, from += 8, to += 16) v128.store(to, i16x8.sub(v128.load8x8_s(from), zeros));
      } else if (stride == 2) {
        // The even bytes of a vector.
        for (; count >= 8; count -= 8, from += 16, to += 16) v128.store(to, i16x8.sub(i16x8.shr_s(i16x8.shl(v128.load(from), 8), 8), zeros));
      }
    } else if (stride == 1) {
      for (; count >= 4; count -= 4, from += 16, to += 4 * (sizeof<T>() as u32)) storeFour<T>(to, v128.load(from), scales, zero);
    } else if (stride == 2) {
      for (; count >= 4; count -= 4, from += 32, to += 4 * (sizeof<T>() as u32)) {
        storeFour<T>(to, v128.shuffle<f32>(v128.load(from), v128.load(from, 16), 0, 2, 4, 6), scales, zero);
      }
    }
  }
  for (; count > 0; count--, from += stride * elemBytes, to += sizeof<T>() as u32) {
    if (isFloat<T>()) store<f32>(to, load<f32>(from));
    else store<i16>(to, readOnGrid(from, elemBytes, scale, zero) as i16);
  }
}

// @ts-ignore: decorator
@inline
function storeFour<T>(to: u32, x: v128, scales: v128, zero: f32): void {
  if (isFloat<T>()) {
    v128.store(to, x);
  } else {
    const whole = i32x4.trunc_sat_f32x4_s(quantizeFour(x, scales, zero));
    v128.store64_lane(to, i16x8.narrow_i32x4_s(whole, whole), 0);
  }
}

/**
 * Computes   the planes drawn above, as f32.
 * Operands   input: f32 NCHW. planes: f32, in scratch.
 * Tile       4 positions.
 * Requires   planeCols and planeBytes of src/ops/row-planes.ts; 32 bytes of over-read.
 * Bounds     copies.
 * See        conv2d_f32b1f32_rowlut_1x16, which reads them.
 */
export function conv2d_pack_rows_f32(params: usize, part: u32, parts: u32): void {
  pack<f32>(params, part, parts);
}

/**
 * Computes   the planes drawn above, as v = q - zeroPoint of the int8 grid, and each image's scale.
 * Operands   input: f32 or, with a stored scale, int8 NCHW. planes: i16, in scratch. scales: f32[N], in scratch.
 * Tile       4 positions, 8 of int8.
 * Requires   as above; a zero point of -128 to 127.
 * Bounds     |v| <= 255, and <= 128 where the zero point is 0.
 * See        pack/quantize.ts; docs/binary-math.md section 2.6.
 */
export function conv2d_pack_rows_i8(params: usize, part: u32, parts: u32): void {
  pack<i16>(params, part, parts);
}
