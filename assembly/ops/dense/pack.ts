// The input of a convolution whose filters see a whole image, as the row of a dense layer: channels of a pixel side by side,
// in the order of the filters' weights.
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
