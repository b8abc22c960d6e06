// im2row for bits: the window under one output pixel as one row of words, in the order of the packed filters.
//
//   row[(ky * kernelW + kx) * Iw + j] = word j of the group's channels at input pixel (ky, kx) of the window
// followed by zeros up to a whole block. Copies run in blocks and may write up to 12 bytes past their end: rows are
// packed in ascending order, and the row after the last is scratch.
import { Conv2dParams } from "../ops/conv2d/params";

/** First tap that is not before the image, when tap 0 lies at `start`. */
// @ts-ignore: decorator
@inline
export function firstTap(start: i32, dilation: u32, kernel: u32): u32 {
  return start >= 0 ? 0 : min<u32>(kernel, ((-start as u32) + dilation - 1) / dilation);
}

/** Tap after the last one inside an image of `length` pixels. */
// @ts-ignore: decorator
@inline
export function endTap(start: i32, length: u32, dilation: u32, kernel: u32): u32 {
  const room = (length as i32) - start;
  if (room > 0 && (kernel - 1) * dilation < (room as u32)) return kernel;
  return room <= 0 ? 0 : ((room as u32) + dilation - 1) / dilation;
}

/**
 * Pack the window whose tap (0, 0) lies at (startY, startX) of an image of bits NHW[Cw] and whose taps
 * [ky0, ky1) x [kx0, kx1) lie inside. Taps outside are filled with +1, or with -1 when padValue is -1.
 */
export function packRow(
  p: Conv2dParams, row: u32, rowBytes: u32, image: u32, firstChannel: u32, startY: i32, startX: i32, ky0: u32, ky1: u32, kx0: u32, kx1: u32,
): void {
  const inPerGroup = p.inChannels / p.groups;
  const runBytes: u32 = ((inPerGroup + 31) >> 5) << 2;
  const pixelBytes: u32 = ((p.inChannels + 31) >> 5) << 2;
  const stepBytes = pixelBytes * p.dilationW;
  const lastMask = u32.MAX_VALUE >> ((0 - inPerGroup) & 31);
  const isWhole = p.groups == 1;
  const isContiguous = isWhole && p.dilationW == 1;
  const fill: u32 = p.padValue < 0 ? u32.MAX_VALUE : 0;
  const from = image + ((firstChannel >> 5) << 2);
  let to = row;
  for (let ky: u32 = 0; ky < p.kernelH; ky++) {
    const isInside = ky >= ky0 && ky < ky1 && kx0 < kx1;
    const begin = isInside ? kx0 : p.kernelW;
    to = fillTaps(to, begin, runBytes, fill, lastMask);
    if (!isInside) continue;
    const y = startY + ((ky * p.dilationH) as i32);
    const x = startX + ((kx0 * p.dilationW) as i32);
    let source = from + ((y * (p.inWidth as i32) + x) as u32) * pixelBytes;
    if (isContiguous) {
      to = copyRun(to, source, (kx1 - kx0) * runBytes);
    } else {
      for (let kx = kx0; kx < kx1; kx++, source += stepBytes) {
        to = isWhole ? copyRun(to, source, runBytes) : extractRun(to, source, firstChannel & 31, runBytes, lastMask);
      }
    }
    to = fillTaps(to, p.kernelW - kx1, runBytes, fill, lastMask);
  }
  for (const end = row + rowBytes; to < end; to += 4) store<u32>(to, 0);
}

// @ts-ignore: decorator
@inline
function fillTaps(to: u32, taps: u32, runBytes: u32, fill: u32, lastMask: u32): u32 {
  for (; taps > 0; taps--) {
    for (const last = to + runBytes - 4; to < last; to += 4) store<u32>(to, fill);
    store<u32>(to, fill & lastMask);
    to += 4;
  }
  return to;
}

/** Copy whole words; returns where the copy ends. */
// @ts-ignore: decorator
@inline
export function copyRun(to: u32, from: u32, bytes: u32): u32 {
  const end = to + bytes;
  if (ASC_FEATURE_SIMD) {
    for (; to < end; to += 16, from += 16) v128.store(to, v128.load(from));
  } else {
    for (; to < end; to += 8, from += 8) store<u64>(to, load<u64>(from));
  }
  return end;
}

/** Copy a run that starts `shift` bits into its first word, and clear what lies past its channels. */
// @ts-ignore: decorator
@inline
function extractRun(to: u32, from: u32, shift: u32, bytes: u32, lastMask: u32): u32 {
  const end = to + bytes;
  for (; to < end; to += 4, from += 4) store<u32>(to, (load<u64>(from) >> (shift as u64)) as u32);
  store<u32>(end - 4, load<u32>(end - 4) & lastMask);
  return end;
}
