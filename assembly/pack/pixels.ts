// im2col for f32: what a panel of 12 or 16 output pixels sees at one tap, channel by channel, lanes = pixels.
//
//   panel[row][0..15] = input channel of that row at the tap's position of pixels 0..15; 0 where that is padding
// Pixels are packed four at a time. Four that lie side by side in one output row are one load. Behind the last pixel of an image come
// zeros, or whatever lies behind its neighbours.
import { Conv2dParams } from "../ops/conv2d/params";

/** Pixels of a panel; its rows are as wide also where the last four are not used. */
// @ts-ignore: decorator
@inline export const TILE_PIXELS: u32 = 16;

/** Bytes of a panel row. */
// @ts-ignore: decorator
@inline export const PANEL_ROW_BYTES: u32 = TILE_PIXELS << 2;

/** Bytes of the record that placeWindows writes: startY i32[16], startX i32[16], isSideBySide u32[4], lastPixel u32, width u32, padding. */
// @ts-ignore: decorator
@inline export const WINDOWS_BYTES: u32 = 160;

/** Where the record says how far behind the first start that of the last pixel is, if all lie side by side in the input, or 0. */
const LINE: u32 = 144;

/** Where the record says how many pixels the panel has, 12 or 16. */
const WIDTH: u32 = 148;

/** So far above the image that no tap reaches it. */
const NOWHERE: i32 = -0x40000000;

/** Pixels of a panel, multiplied or not. */
// @ts-ignore: decorator
@inline
export function widthOf(windows: u32): u32 {
  return load<u32>(windows + WIDTH);
}

/** Note where the windows of `pixels` output pixels from `first` on start, in a panel of `width`. */
export function placeWindows(p: Conv2dParams, first: u32, pixels: u32, width: u32, windows: u32): void {
  let y = first / p.outWidth;
  let x = first - y * p.outWidth;
  const used = min(pixels, width);
  // A window of one pixel sees the image as one line.
  const isOne = p.kernelH * p.kernelW == 1 && p.outWidth == p.inWidth && p.outHeight == p.inHeight;
  const isLine = p.strideW == 1 && (isOne ? p.strideH == 1 : x + used <= p.outWidth);
  store<u32>(windows + LINE, isLine ? (used - 1) << 2 : 0);
  store<u32>(windows + WIDTH, width);
  for (let i: u32 = 0; i < width; i++) {
    const isUsed = i < pixels;
    store<i32>(windows + (i << 2), isUsed ? ((y * p.strideH - p.padTop) as i32) : NOWHERE);
    store<i32>(windows + 64 + (i << 2), (x * p.strideW - p.padLeft) as i32);
    if ((i & 3) == 0) store<u32>(windows + 128 + i, u32(x + 3 < p.outWidth && i + 3 < pixels));
    if (++x == p.outWidth) {
      x = 0;
      y++;
    }
  }
}

/** Pack `channels` rows from the plane at `plane` on, for tap (ky, kx). */
export function packTap(p: Conv2dParams, windows: u32, plane: u32, ky: u32, kx: u32, channels: u32, panel: u32): void {
  if (ASC_FEATURE_SIMD) {
    if (load<u32>(windows + LINE) && packLine(p, windows, plane, ky, kx, channels, panel)) return;
  }
  for (let i: u32 = 0, end = widthOf(windows); i < end; i += 4) {
    packQuad(p, windows + (i << 2), load<u32>(windows + 128 + i), plane, ky, kx, channels, panel + (i << 2));
  }
}

/** Pack neighbours, and up to a panel's width what follows them; false when some of them lie outside the image. */
function packLine(p: Conv2dParams, windows: u32, plane: u32, ky: u32, kx: u32, channels: u32, to: u32): bool {
  const first = offsetOf(p, windows, ky, kx);
  if (first < 0 || offsetOf(p, windows + load<u32>(windows + LINE), ky, kx) < 0) return false;
  const planeBytes = (p.inHeight * p.inWidth) << 2;
  const isWide = widthOf(windows) == TILE_PIXELS;
  let from = plane + first;
  for (const end = to + channels * PANEL_ROW_BYTES; to < end; to += PANEL_ROW_BYTES, from += planeBytes) {
    v128.store(to, v128.load(from));
    v128.store(to, v128.load(from, 16), 16);
    v128.store(to, v128.load(from, 32), 32);
    if (isWide) v128.store(to, v128.load(from, 48), 48);
  }
  return true;
}

function packQuad(p: Conv2dParams, starts: u32, isSideBySide: u32, plane: u32, ky: u32, kx: u32, channels: u32, to: u32): void {
  const planeBytes = (p.inHeight * p.inWidth) << 2;
  const end = to + channels * PANEL_ROW_BYTES;
  const width = p.inWidth as i32;
  const y = load<i32>(starts) + ((ky * p.dilationH) as i32);
  const x = load<i32>(starts + 64) + ((kx * p.dilationW) as i32);
  if (ASC_FEATURE_SIMD) {
    if (isSideBySide) {
      const last = x + 3 * (p.strideW as i32);
      if ((y as u32) >= p.inHeight || last < 0 || x >= width) {
        for (; to < end; to += PANEL_ROW_BYTES) v128.store(to, f32x4.splat(0));
        return;
      }
      let from = plane + ((y * width + x) << 2);
      if (x >= 0 && last < width) {
        if (p.strideW == 1) {
          for (; to < end; to += PANEL_ROW_BYTES, from += planeBytes) v128.store(to, v128.load(from));
          return;
        }
        if (p.strideW == 2) {
          for (; to < end; to += PANEL_ROW_BYTES, from += planeBytes) {
            v128.store(to, v128.shuffle<f32>(v128.load(from), v128.load(from, 16), 0, 2, 4, 6));
          }
          return;
        }
      }
    }
  }
  gatherQuad(p, starts, plane, ky, kx, planeBytes, to, end);
}

/** Any four pixels, one by one; those outside read the plane's first element and are cleared. */
function gatherQuad(p: Conv2dParams, starts: u32, plane: u32, ky: u32, kx: u32, planeBytes: u32, to: u32, end: u32): void {
  const at0 = offsetOf(p, starts, ky, kx);
  const at1 = offsetOf(p, starts + 4, ky, kx);
  const at2 = offsetOf(p, starts + 8, ky, kx);
  const at3 = offsetOf(p, starts + 12, ky, kx);
  if (ASC_FEATURE_SIMD) {
    const mask = i32x4.ge_s(i32x4.replace_lane(i32x4.replace_lane(i32x4.replace_lane(i32x4.splat(at0), 1, at1), 2, at2), 3, at3), i32x4.splat(0));
    const from0 = max(at0, 0);
    const from1 = max(at1, 0);
    const from2 = max(at2, 0);
    const from3 = max(at3, 0);
    for (; to < end; to += PANEL_ROW_BYTES, plane += planeBytes) {
      let quad = v128.load32_zero(plane + from0);
      quad = v128.load32_lane(plane + from1, quad, 1);
      quad = v128.load32_lane(plane + from2, quad, 2);
      quad = v128.load32_lane(plane + from3, quad, 3);
      v128.store(to, v128.and(quad, mask));
    }
  } else {
    for (; to < end; to += PANEL_ROW_BYTES, plane += planeBytes) {
      store<f32>(to, at0 >= 0 ? load<f32>(plane + at0) : 0);
      store<f32>(to + 4, at1 >= 0 ? load<f32>(plane + at1) : 0);
      store<f32>(to + 8, at2 >= 0 ? load<f32>(plane + at2) : 0);
      store<f32>(to + 12, at3 >= 0 ? load<f32>(plane + at3) : 0);
    }
  }
}

/** Byte offset of a pixel's tap in its plane, or -1 outside the image. */
// @ts-ignore: decorator
@inline
export function offsetOf(p: Conv2dParams, start: u32, ky: u32, kx: u32): i32 {
  const y = load<i32>(start) + ((ky * p.dilationH) as i32);
  const x = load<i32>(start + 64) + ((kx * p.dilationW) as i32);
  return (y as u32) < p.inHeight && (x as u32) < p.inWidth ? (y * (p.inWidth as i32) + x) << 2 : -1;
}
