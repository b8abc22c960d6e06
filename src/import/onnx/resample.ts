// Resizing along one axis as a linear map: which elements each output is made of, and how much of each. The rules are those of ONNX's Resize.
import type { OnnxNode } from "./node.ts";

export interface Sampling {
  mode: "nearest" | "linear" | "cubic";
  /** coordinate_transformation_mode */
  coordinates: string;
  /** nearest_mode */
  nearest: string;
  /** cubic_coeff_a */
  cubic: number;
  excludeOutside: boolean;
  antialias: boolean;
}

export interface Axis {
  length: number;
  output: number;
  /** Exact, where the file gives one. */
  scale: number;
  /** Of tf_crop_and_resize: from where to where, as shares of the length. */
  crop: [start: number, end: number];
}

/** Rows of the map, and which outputs lie outside of the input (tf_crop_and_resize only). */
export function sampleAxis(node: OnnxNode, axis: Axis, sampling: Sampling): { rows: number[][]; outside: boolean[] } {
  const places = Array.from({ length: axis.output }, (_, at) => toInput(node, at, axis, sampling.coordinates));
  const isCrop = sampling.coordinates === "tf_crop_and_resize";
  return {
    rows: places.map((place) => (sampling.mode === "nearest" ? pickNearest(node, place, axis, sampling.nearest) : blend(place, axis, sampling))),
    outside: places.map((place) => isCrop && (place < 0 || place > axis.length - 1)),
  };
}

function toInput(node: OnnxNode, at: number, { length, output, scale, crop }: Axis, coordinates: string): number {
  switch (coordinates) {
    case "half_pixel":
      return (at + 0.5) / scale - 0.5;
    case "half_pixel_symmetric": {
      const adjustment = output / (scale * length);
      return (length / 2) * (1 - adjustment) + (at + 0.5) / scale - 0.5;
    }
    case "pytorch_half_pixel":
      return output > 1 ? (at + 0.5) / scale - 0.5 : 0;
    case "align_corners":
      return scale * length === 1 ? 0 : (at * (length - 1)) / (scale * length - 1);
    case "asymmetric":
      return at / scale;
    case "tf_crop_and_resize":
      return output > 1
        ? crop[0] * (length - 1) + (at * (crop[1] - crop[0]) * (length - 1)) / (output - 1)
        : 0.5 * (crop[0] + crop[1]) * (length - 1);
    default:
      throw node.invalid(`has coordinate_transformation_mode "${coordinates}", which ONNX does not know`);
  }
}

function pickNearest(node: OnnxNode, place: number, { length }: Axis, rule: string): number[] {
  const rules: Record<string, (x: number) => number> = {
    round_prefer_floor: (x) => Math.ceil(x - 0.5),
    round_prefer_ceil: (x) => Math.floor(x + 0.5),
    floor: Math.floor,
    ceil: Math.ceil,
  };
  const round = rules[rule];
  if (round === undefined) throw node.invalid(`has nearest_mode "${rule}", which ONNX does not know`);
  const row = new Array<number>(length).fill(0);
  row[clamp(round(place), length)] = 1;
  return row;
}

/** Weigh the elements near a place; those beyond the ends count as the first and the last. */
function blend(place: number, { length, scale }: Axis, { mode, cubic, excludeOutside, antialias }: Sampling): number[] {
  const stretch = antialias && scale < 1 ? 1 / scale : 1;
  const reach = (mode === "linear" ? 1 : 2) * stretch;
  const weigh = mode === "linear" ? (x: number) => Math.max(0, 1 - Math.abs(x)) : (x: number) => cubicWeight(Math.abs(x), cubic);
  const row = new Array<number>(length).fill(0);
  let total = 0;
  for (let i = Math.ceil(place - reach); i <= Math.floor(place + reach); i++) {
    const isOutside = i < 0 || i >= length;
    const weight = isOutside && excludeOutside ? 0 : weigh((place - i) / stretch);
    total += weight;
    const at = clamp(i, length);
    row[at] = (row[at] as number) + weight;
  }
  return excludeOutside || stretch > 1 ? row.map((weight) => weight / total) : row;
}

/** Keys' kernel (IEEE TASSP 29/6, 1981) with coefficient a. */
function cubicWeight(x: number, a: number): number {
  if (x <= 1) return (a + 2) * x ** 3 - (a + 3) * x ** 2 + 1;
  return x < 2 ? a * x ** 3 - 5 * a * x ** 2 + 8 * a * x - 4 * a : 0;
}

function clamp(at: number, length: number): number {
  return Math.max(0, Math.min(length - 1, at));
}
