// Inputs in the form that dense kernels read: the image under filters that see all of it, with the channels of a pixel side by
// side, in the order of the filters' weights; and bits as floats.
import { DenseParams } from "./params";

/**
 * Computes   row[r, tap * I + c] = source[r, c, tap] for c < C = depth / taps, and 0 up to I = inFeatures / taps.
 * Operands   source: f32 [rows, C, taps]. input, which is written: f32 [rows, taps, I].
 * Tile       none; scalar.
 * Requires   the input in scratch.
 * Bounds     elements are moved, not added.
 * See        docs/layouts.md: weights.
 */
export function conv2d_pack_taps(params: usize): void {
  const p = changetype<DenseParams>(params);
  const channels = p.depth / p.taps;
  const tapBytes = (p.inFeatures / p.taps) << 2;
  let from = p.sourcePtr;
  for (let r: u32 = 0; r < p.rows; r++) {
    const row = p.inputPtr + r * (p.inFeatures << 2);
    for (let c: u32 = 0; c < channels; c++) {
      let to = row + (c << 2);
      for (const end = from + (p.taps << 2); from < end; from += 4, to += tapBytes) store<f32>(to, load<f32>(from));
    }
    if (channels << 2 == tapBytes) continue;
    for (let tap: u32 = 0; tap < p.taps; tap++) memory.fill(row + tap * tapBytes + (channels << 2), 0, tapBytes - (channels << 2));
  }
}

/** The f32 1.0 as bits. */
const ONE: u32 = 0x3f800000;

/**
 * Computes   row[r, tap * C + c] = bit c of source[r, tap] ? -1 : +1, C = inFeatures / taps.
 * Operands   source: bits [rows, taps, Cw]. input, which is written: f32 [rows, taps, C].
 * Tile       none; scalar.
 * Requires   the input in scratch.
 * Bounds     bits are moved, not added.
 * See        conv2d_b1f32f32_direct_2x16, which does the same tile by tile.
 */
export function dense_pack_signs(params: usize): void {
  const p = changetype<DenseParams>(params);
  const tapBytes = (p.inFeatures / p.taps) << 2;
  let from = p.sourcePtr;
  let to = p.inputPtr;
  for (let tap: u32 = 0, taps = p.rows * p.taps; tap < taps; tap++) {
    for (const end = to + tapBytes; to < end; from += 4) {
      let word = load<u32>(from);
      for (const wordEnd = min(to + 128, end); to < wordEnd; to += 4, word >>= 1) store<u32>(to, (word << 31) | ONE);
    }
  }
}
