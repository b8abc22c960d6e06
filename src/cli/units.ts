// Numbers as people read them. Decimal units: 1 kB is 1000 bytes.

const BYTE_UNITS = ["B", "kB", "MB", "GB"] as const;
const COUNT_UNITS = ["", "k", "M", "G"] as const;

/** 74600 -> "74.6 kB" */
export function spellBytes(bytes: number): string {
  return scale(bytes, BYTE_UNITS);
}

/** 14.5e6 -> "14.5 M" */
export function spellCount(count: number): string {
  return scale(count, COUNT_UNITS);
}

/** Three significant digits, and never finer than a microsecond. */
export function spellMs(ms: number): string {
  return ms >= 100 ? ms.toFixed(0) : ms >= 10 ? ms.toFixed(1) : ms >= 1 ? ms.toFixed(2) : ms.toFixed(3);
}

/** 0.982 -> "98.2 %" */
export function spellShare(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** How many times smaller: "31.0x"; empty when there is nothing to compare. */
export function spellRatio(before: number, after: number): string {
  return before > 0 && after > 0 ? `${(before / after).toFixed(1)}x` : "";
}

/** [1, 64, 7, 7] -> "1x64x7x7"; -1 (any batch) is written N. */
export function spellShape(shape: readonly number[]): string {
  return shape.map((dim) => (dim < 0 ? "N" : String(dim))).join("x");
}

function scale(number: number, units: readonly string[]): string {
  const power = number < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(number) / 3));
  const scaled = number / 1000 ** power;
  const digits = power === 0 ? String(number) : scaled.toFixed(scaled < 100 ? 1 : 0);
  return `${digits} ${units[power]}`.trimEnd();
}
