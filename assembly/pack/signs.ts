// im2col of bits for the f32 kernels: what a panel of 12 or 16 output pixels sees at one tap, as +1 and -1, channel by channel, lanes = pixels.
//
//   panel[row][0..15] = sign of channel `first` + row at the tap's position of pixels 0..15; padValue where that is padding
// A bit becomes the sign of 1.0, or of 0 where padding is 0.
import { Conv2dParams } from "../ops/conv2d/params";
import { offsetOf, PANEL_ROW_BYTES, widthOf } from "./pixels";

/** The f32 1.0 as bits. */
const ONE: u32 = 0x3f800000;

/** Pack `channels` rows from channel `first` on of an image of bits NHW[Cw], for tap (ky, kx); see placeWindows for `windows`. */
export function packSigns(p: Conv2dParams, windows: u32, image: u32, ky: u32, kx: u32, first: u32, channels: u32, panel: u32): void {
  const step: u32 = ASC_FEATURE_SIMD ? 4 : 1;
  for (let i: u32 = 0, width = widthOf(windows); i < width; i += step, windows += step << 2) {
    let to = panel + (i << 2);
    for (let c = first, end = first + channels; c < end; ) {
      const taken = min<u32>(32 - (c & 31), end - c);
      if (ASC_FEATURE_SIMD) {
        packFour(p, windows, image, ky, kx, c, taken, to);
      } else {
        let word = readWord(p, windows, image, ky, kx, c);
        const size = sizeOf(p, windows, ky, kx);
        let at = to;
        for (let k: u32 = 0; k < taken; k++, at += PANEL_ROW_BYTES, word >>= 1) store<u32>(at, (word << 31) | size);
      }
      c += taken;
      to += taken * PANEL_ROW_BYTES;
    }
  }
}

// @ts-ignore: decorator
@inline
function packFour(p: Conv2dParams, windows: u32, image: u32, ky: u32, kx: u32, channel: u32, channels: u32, to: u32): void {
  let words = i32x4.splat(readWord(p, windows, image, ky, kx, channel));
  let sizes = i32x4.splat(sizeOf(p, windows, ky, kx));
  words = i32x4.replace_lane(words, 1, readWord(p, windows + 4, image, ky, kx, channel));
  sizes = i32x4.replace_lane(sizes, 1, sizeOf(p, windows + 4, ky, kx));
  words = i32x4.replace_lane(words, 2, readWord(p, windows + 8, image, ky, kx, channel));
  sizes = i32x4.replace_lane(sizes, 2, sizeOf(p, windows + 8, ky, kx));
  words = i32x4.replace_lane(words, 3, readWord(p, windows + 12, image, ky, kx, channel));
  sizes = i32x4.replace_lane(sizes, 3, sizeOf(p, windows + 12, ky, kx));
  for (const end = to + channels * PANEL_ROW_BYTES; to < end; to += PANEL_ROW_BYTES) {
    v128.store(to, v128.or(i32x4.shl(words, 31), sizes));
    words = i32x4.shr_u(words, 1);
  }
}

/** The word of a pixel's tap that holds `channel`, which is moved to bit 0. */
function readWord(p: Conv2dParams, start: u32, image: u32, ky: u32, kx: u32, channel: u32): u32 {
  const at = offsetOf(p, start, ky, kx);
  if (at < 0) return p.padValue < 0 ? u32.MAX_VALUE : 0;
  return load<u32>(image + (at >> 2) * (((p.inChannels + 31) >> 5) << 2) + ((channel >> 5) << 2)) >> (channel & 31);
}

/** What a pixel's tap counts as, but for the sign. */
function sizeOf(p: Conv2dParams, start: u32, ky: u32, kx: u32): u32 {
  return p.padValue == 0 && offsetOf(p, start, ky, kx) < 0 ? 0 : ONE;
}
