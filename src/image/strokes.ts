// Strokes to pixels, the way Google made the QuickDraw bitmaps: scale the drawing's box to 255, centre it in a
// 288 square, draw with a round pen 16 wide, shrink to the wanted size with anti-aliasing. Theirs are white on black; ours
// are a picture like any other, black on white, and the model's preprocessing inverts it if it wants to.
import { RunError } from "../graph/errors.ts";
import type { Pixels } from "./preprocess.ts";

/** One stroke per entry, `[x[], y[]]`, any units, y downwards: the form of QuickDraw's ndjson files. */
export type Strokes = readonly (readonly [readonly number[], readonly number[], ...unknown[]])[];

const CANVAS = 288;
const BOX = 255;
const PEN = 16;

/** Draw strokes, black on white, into a grey image `size` pixels wide and high. Throws RunError when there is nothing to draw. */
export function rasterize(strokes: Strokes, size = 28): Pixels {
  const touched = new Uint8Array((size * SAMPLES) ** 2);
  const radius = ((PEN / 2) * size) / CANVAS;
  for (const segment of toSegments(strokes, size / CANVAS)) touch(touched, size * SAMPLES, segment, radius);
  return { width: size, height: size, data: toPixels(touched, size) };
}

type Segment = readonly [x0: number, y0: number, x1: number, y1: number];

function toSegments(strokes: Strokes, scale: number): Segment[] {
  const xs = strokes.flatMap(([x]) => [...x]);
  const ys = strokes.flatMap(([, y]) => [...y]);
  const isBroken = strokes.some(([x, y]) => x.length !== y.length) || ![...xs, ...ys].every(Number.isFinite);
  if (xs.length === 0 || isBroken) {
    throw new RunError("input-length", "the drawing holds no strokes that can be drawn; each stroke is [[x0,x1,...],[y0,y1,...]] of equal length");
  }
  const least = (numbers: number[]) => numbers.reduce((a, b) => Math.min(a, b));
  const most = (numbers: number[]) => numbers.reduce((a, b) => Math.max(a, b));
  const [left, right, top, bottom] = [least(xs), most(xs), least(ys), most(ys)];
  const zoom = BOX / Math.max(right - left, bottom - top, 1e-9);
  const toX = (x: number) => ((x - (left + right) / 2) * zoom + CANVAS / 2) * scale;
  const toY = (y: number) => ((y - (top + bottom) / 2) * zoom + CANVAS / 2) * scale;
  return strokes.flatMap(([x, y]) =>
    x.map((_, i): Segment => {
      const j = Math.max(i - 1, 0); // a lone point is a segment of length 0: a dot
      return [toX(x[j] as number), toY(y[j] as number), toX(x[i] as number), toY(y[i] as number)];
    }),
  );
}

/** Sub-samples per pixel side. */
const SAMPLES = 8;

/** Mark the samples that the pen touches on one segment; `side` samples by `side`. */
function touch(touched: Uint8Array, side: number, [x0, y0, x1, y1]: Segment, radius: number): void {
  const [dx, dy] = [x1 - x0, y1 - y0];
  const scale = 1 / (dx * dx + dy * dy || 1); // of a dot, every position along it is 0
  const first = (from: number) => Math.max(0, Math.ceil((from - radius) * SAMPLES - 0.5));
  const last = (to: number) => Math.min(side - 1, Math.floor((to + radius) * SAMPLES - 0.5));
  const [left, right] = [first(Math.min(x0, x1)), last(Math.max(x0, x1))];
  for (let row = first(Math.min(y0, y1)); row <= last(Math.max(y0, y1)); row++) {
    const y = (row + 0.5) / SAMPLES - y0;
    for (let column = left; column <= right; column++) {
      if (touched[row * side + column] === 1) continue;
      const x = (column + 0.5) / SAMPLES - x0;
      const t = Math.min(1, Math.max(0, (x * dx + y * dy) * scale));
      const [awayX, awayY] = [x - t * dx, y - t * dy];
      if (awayX * awayX + awayY * awayY <= radius * radius) touched[row * side + column] = 1;
    }
  }
}

/** Black where all samples of a pixel are touched, white where none is. */
function toPixels(touched: Uint8Array, size: number): Uint8Array {
  const counts = new Uint8Array(size * size);
  const side = size * SAMPLES;
  for (let row = 0; row < side; row++) {
    const first = Math.floor(row / SAMPLES) * size;
    for (let column = 0; column < side; column++) {
      const pixel = first + Math.floor(column / SAMPLES);
      counts[pixel] = (counts[pixel] as number) + (touched[row * side + column] as number);
    }
  }
  return counts.map((count) => 255 - Math.round((255 * count) / SAMPLES ** 2));
}
