// Pictures out of characters: bars, and grey images two pixels a character high.
import type { Pixels } from "../image/preprocess.ts";

const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"] as const;

/** A bar of `share` (0..1) of `width` characters, without padding. What is not zero shows at least a sliver. */
export function drawBar(share: number, width: number): string {
  const clamped = Math.min(1, Math.max(0, Number.isNaN(share) ? 0 : share));
  const eighths = Math.max(Math.round(clamped * width * 8), clamped > 0.001 ? 1 : 0);
  return "█".repeat(eighths >> 3) + EIGHTHS[eighths & 7];
}

/** Grey level from which a pixel counts as ink when there are no colours; low, because thin strokes are pale. */
const INK = 88;

/** Draw a grey image, light = ink, as lines of half blocks in the text's own colour: `width` characters each. */
export function drawPlain(image: Pixels): string[] {
  return mapCells(image, (top, bottom) => (top >= INK ? (bottom >= INK ? "█" : "▀") : bottom >= INK ? "▄" : " ")).map((cells) => cells.join(""));
}

/** Draw a grey image with the 24 greys of a 256-colour terminal, on its own dark ground. */
export function drawGreys(image: Pixels): string[] {
  const rows = mapCells(image, (top, bottom) => `\x1b[38;5;${toGrey(top)};48;5;${toGrey(bottom)}m▀`);
  // A code is repeated only where it changes; every line puts the terminal back.
  return rows.map((cells) => `${cells.map((cell, x) => (cell === cells[x - 1] ? "▀" : cell)).join("")}\x1b[0m`);
}

/** Colours 232 to 255 are the greys from nearly black to nearly white. */
function toGrey(level: number): number {
  return 232 + Math.round((Math.min(255, Math.max(0, level)) / 255) * 23);
}

function mapCells({ width, height, data }: Pixels, draw: (top: number, bottom: number) => string): string[][] {
  return Array.from({ length: Math.ceil(height / 2) }, (_, row) =>
    Array.from({ length: width }, (_, x) => draw(data[2 * row * width + x] ?? 0, data[(2 * row + 1) * width + x] ?? 0)),
  );
}

/** Put two blocks of lines side by side, the right one centred in height; `width` is the left one's visible width. */
export function placeBeside(left: readonly string[], right: readonly string[], width: number, gap = 3): string[] {
  const rows = Math.max(left.length, right.length);
  const skip = (rows - right.length) >> 1;
  return Array.from({ length: rows }, (_, row) => {
    const text = right[row - skip] ?? "";
    const picture = left[row] ?? " ".repeat(width);
    return text === "" ? picture : `${picture}${" ".repeat(gap)}${text}`;
  }).map((line) => line.trimEnd());
}
