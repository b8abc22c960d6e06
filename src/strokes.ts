// A door of its own, so that only those who draw carry it: strokes, as QuickDraw stores drawings, to pixels.
export type { Pixels } from "./image/preprocess.ts";
export { rasterize, type Strokes } from "./image/strokes.ts";
