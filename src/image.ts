// A door of its own, so that only those who have pictures carry it: pixels, and strokes as QuickDraw stores
// drawings, to a model's input. What it throws is its own copy of RunError: tell errors apart by `code`.
export { RunError } from "./graph/errors.ts";
export { type Pixels, preprocess } from "./image/preprocess.ts";
export { rasterize, type Strokes } from "./image/strokes.ts";
