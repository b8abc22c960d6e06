// Which of a kernel's units of work (tiles, planes, elements) a thread does, when several call it at once.

/** Pixels of a part: below, parts of an image are channels. Mirrored by src/ops/planes.ts. */
const MIN_PIXELS: u32 = 192;

/**
 * Whether parts of an image are rows. A part should read what the same part wrote in the layer before, as data that another core has
 * written takes several times as long to come: so kernels on f32 planes share large images by rows, or pixels, and small ones by channels.
 */
export function sharesRows(pixels: u32, parts: u32): bool {
  return pixels >= MIN_PIXELS * parts;
}

/** First unit of `part`; the first unit of part + 1 is where it ends. Shares are whole multiples of `grain`, but for the last. */
export function shareStart(units: u32, grain: u32, part: u32, parts: u32): u32 {
  const grains: u64 = (units + grain - 1) / grain;
  return min(units, (((grains * part) / parts) as u32) * grain);
}
