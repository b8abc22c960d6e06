// Which of a kernel's units of work (tiles, planes, elements) a thread does, when several call it at once.

/** First unit of `part`; the first unit of part + 1 is where it ends. Shares are whole multiples of `grain`, but for the last. */
export function shareStart(units: u32, grain: u32, part: u32, parts: u32): u32 {
  const grains: u64 = (units + grain - 1) / grain;
  return min(units, (((grains * part) / parts) as u32) * grain);
}
