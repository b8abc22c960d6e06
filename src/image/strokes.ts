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
  const segments = toSegments(strokes, size / CANVAS);
  const radius = ((PEN / 2) * size) / CANVAS;
  const data = new Uint8Array(size * size);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) data[y * size + x] = 255 - Math.round(255 * coverage(x, y, segments, radius));
  }
  return { width: size, height: size, data };
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

/** Share of pixel (x, y) that the pen has touched. */
function coverage(x: number, y: number, segments: readonly Segment[], radius: number): number {
  const reach = radius + Math.SQRT1_2;
  const near = segments.filter((segment) => distance(x + 0.5, y + 0.5, segment) < reach);
  if (near.length === 0) return 0;
  let touched = 0;
  for (let i = 0; i < SAMPLES * SAMPLES; i++) {
    const sampleX = x + ((i % SAMPLES) + 0.5) / SAMPLES;
    const sampleY = y + (Math.floor(i / SAMPLES) + 0.5) / SAMPLES;
    if (near.some((segment) => distance(sampleX, sampleY, segment) <= radius)) touched++;
  }
  return touched / (SAMPLES * SAMPLES);
}

function distance(x: number, y: number, [x0, y0, x1, y1]: Segment): number {
  const dx = x1 - x0;
  const dy = y1 - y0;
  const length2 = dx * dx + dy * dy;
  const t = length2 === 0 ? 0 : Math.min(1, Math.max(0, ((x - x0) * dx + (y - y0) * dy) / length2));
  return Math.hypot(x - x0 - t * dx, y - y0 - t * dy);
}
