// Random conv2d and dense layers of every kind, and their comparison with the oracle, for the kernel tests.
// "Whole" layers hold small whole numbers and halves only, so every sum is exact in f32 in any order and results
// must be equal to the last bit; "real" layers are compared with a tolerance.
import type { Epilogue, InputKind, LayerAttrs, Thresholds, WeightKind, Weights } from "../../src/graph/attributes.ts";
import { countBytes, countElements, type Numbers, type Shape } from "../../src/graph/graph.ts";
import { NO_LIMIT } from "../../src/ops/layer-kind.ts";
import type { Tensor } from "./kernel-runner.ts";
import type { Random } from "./random.ts";
import { openConstant, type Tensor as RealTensor } from "./tensor.ts";

export interface LayerKind {
  inputKind: InputKind;
  /** Int8 inputs come as int8, not as floats. */
  isByte?: boolean;
  weightKind: WeightKind;
  hasThresholds: boolean;
  /** Outputs are int8. */
  makesBytes?: boolean;
  /** Whole numbers, or anything. */
  numbers: "whole" | "real";
  /** Absent: none. */
  stages?: Stages;
}

/** Stages of an epilogue. */
export interface Stages {
  add: "none" | "first" | "last";
  bend: "none" | "relu" | "clip" | "slope" | "slope, clip";
  affine: "none" | "scale" | "bias" | "both";
}

/** Every combination. */
export const ALL_STAGES: readonly Stages[] = (["none", "first", "last"] as const).flatMap((add) =>
  (["none", "relu", "clip", "slope", "slope, clip"] as const).flatMap((bend) =>
    (["none", "scale", "bias", "both"] as const).map((affine) => ({ add, bend, affine })),
  ),
);

export const LAYER_KINDS: readonly LayerKind[] = (["float", "binary", "int8"] as const).flatMap((inputKind) =>
  (["float", "sign", "two-level"] as const).flatMap((weightKind) =>
    [false, true].map((hasThresholds) => ({ inputKind, weightKind, hasThresholds, numbers: "whole" as const })),
  ),
);

/** Layers that read int8 values. */
export const BYTE_KINDS: readonly LayerKind[] = LAYER_KINDS.filter(({ inputKind }) => inputKind === "int8").map((kind) => ({
  ...kind,
  isByte: true,
}));

/** Layers that make int8 values. */
export const TO_BYTES_KINDS: readonly LayerKind[] = LAYER_KINDS.filter(({ hasThresholds }) => !hasThresholds).map((kind) => ({
  ...kind,
  makesBytes: true,
}));

/** The sizes at which vector code breaks: powers of two and small multiples, plus and minus one. */
export function simdSizes(max: number): number[] {
  const sizes = new Set<number>();
  for (let power = 1; power <= max; power *= 2) {
    for (const size of [power, 3 * power]) {
      for (const near of [size - 1, size, size + 1]) if (near >= 1 && near <= max) sizes.add(near);
    }
  }
  return [...sizes].sort((a, b) => a - b);
}

export function drawLayer(random: Random, kind: LayerKind, filters: number, taps: number, run: number): LayerAttrs<Numbers> {
  const draw = (low: number, high: number) => (kind.numbers === "whole" ? random.int(low, high) : random.float(low, high));
  const list = (count: number, low: number, high: number) => Float32Array.from({ length: count }, () => draw(low, high));
  const weights: Weights<Numbers> = {
    kind: kind.weightKind,
    data: kind.weightKind === "float" ? list(filters * taps * run, -4, 4) : random.words(filters * taps, run),
    alpha: kind.weightKind === "float" ? undefined : list(filters, -3, 3),
    beta: kind.weightKind === "two-level" ? list(filters, -3, 3) : undefined,
    bias: random.int(0, 2) === 0 ? undefined : list(filters, -8, 8),
  };
  return {
    inputKind: kind.inputKind,
    ...(kind.inputKind === "int8" ? drawGrid(random, kind) : { inputScale: 1, inputZeroPoint: 0 }),
    weights,
    thresholds: kind.hasThresholds ? drawThresholds(random, kind, filters, taps * run) : undefined,
    epilogue: kind.stages && drawEpilogue(kind.stages, filters, list),
    quantize: kind.makesBytes ? { scale: random.pick([0.5, 2, 8, 32]), zeroPoint: random.pick([0, -128, 127, random.int(-128, 127)]) } : undefined,
  };
}

function drawEpilogue(
  { add, bend, affine }: Stages,
  filters: number,
  list: (count: number, low: number, high: number) => Float32Array,
): Epilogue<Numbers> {
  const [low, high] = bend === "relu" ? [0, NO_LIMIT] : bend.endsWith("clip") ? [-9, 7] : [0, 0];
  return {
    hasResidual: add !== "none",
    addsLast: add === "last",
    slope: bend.startsWith("slope") ? list(filters, -2, 2) : undefined,
    low,
    high,
    scale: affine === "scale" || affine === "both" ? list(filters, -3, 3) : undefined,
    bias: affine === "bias" || affine === "both" ? list(filters, -8, 8) : undefined,
  };
}

/** Powers of two keep whole layers exact; 0 is the scale of each image's largest magnitude. */
function drawGrid(random: Random, kind: LayerKind): { inputScale: number; inputZeroPoint: number } {
  const inputScale =
    kind.numbers === "whole" ? random.pick([0.5, 1, 2]) : random.pick([0, Math.fround(random.float(0.003, 0.03))]) || (kind.isByte ? 0.0078125 : 0);
  return { inputScale, inputZeroPoint: inputScale === 0 ? 0 : random.pick([0, 0, -128, 127, random.int(-128, 127)]) };
}

/** True when the node's last input is added to its output. */
export function addsResidual({ stages }: LayerKind): boolean {
  return stages !== undefined && stages.add !== "none";
}

/** Thresholds compare the integer dot product. */
export function hasIntegerThresholds({ inputKind, weightKind, hasThresholds, stages }: LayerKind): boolean {
  return hasThresholds && inputKind === "binary" && weightKind === "sign" && stages === undefined;
}

/** How near a value of real numbers may be to its threshold and yet be judged either way. */
export function nearnessOf({ inputKind, weightKind, stages }: LayerKind, hasScale: boolean): number {
  if (inputKind === "binary" && weightKind === "two-level" && !stages && !hasScale) return 1e-10;
  // Real weights become i16 where inputs are int8.
  return inputKind === "int8" ? 1e-2 : 1e-3;
}

function drawThresholds(random: Random, kind: LayerKind, filters: number, depth: number): Thresholds<Numbers> {
  const isInteger = hasIntegerThresholds(kind);
  const spread = Math.ceil(2 * Math.sqrt(depth)) + 1;
  const values = Array.from({ length: filters }, () => random.int(-spread, spread));
  return {
    values: isInteger ? Int32Array.from(values) : Float32Array.from(values),
    flips: random.int(0, 1) === 0 ? undefined : random.words(1, filters),
  };
}

export function drawInput(random: Random, kind: LayerKind, shape: Shape): Tensor {
  const count = countElements(shape);
  if (kind.isByte) {
    const edges = [-128, -127, -1, 0, 1, 126, 127];
    return {
      type: "i8",
      shape,
      data: Int8Array.from({ length: count }, () => (random.int(0, 3) === 0 ? random.pick(edges) : random.int(-128, 127))),
    };
  }
  if (kind.inputKind !== "binary") {
    const data = kind.numbers === "whole" ? Float32Array.from({ length: count }, () => random.int(-8, 8)) : random.floats(count);
    return { type: "f32", shape, data };
  }
  const channels = shape[1] as number;
  return { type: "bits", shape, data: random.words(count / channels, channels) };
}

/** Open a tensor as the oracle holds it: real numbers. Int8 are those of the layer's grid, which reads or makes them. */
export function openTensor({ type, shape, data }: Tensor, grid: { scale: number; zeroPoint: number }): RealTensor {
  const opened = openConstant(type, shape, data);
  return type === "i8" ? { shape: opened.shape, data: opened.data.map((q) => grid.scale * (q - grid.zeroPoint)) } : opened;
}

/** Compare a kernel's output with the oracle's: undefined, or what is wrong. `slack` is allowed per element of real layers. */
export function findDifference(output: Tensor, expected: RealTensor, slack?: (index: number) => number): string | undefined {
  return findRealDifference(output, expected, undefined, slack);
}

/** The same, where int8 outputs stand for numbers of a grid. */
export function findRealDifference(
  output: Tensor,
  expected: RealTensor,
  grid: { scale: number; zeroPoint: number } = { scale: 1, zeroPoint: 0 },
  slack: (index: number) => number = () => 0,
): string | undefined {
  const found = openTensor(output, grid);
  if (found.shape.join() !== expected.shape.join()) return `shape ${found.shape} instead of ${expected.shape}`;
  let wrong = 0;
  let first: string | undefined;
  expected.data.forEach((value, index) => {
    const difference = Math.abs((found.data[index] as number) - value);
    if (difference <= slack(index)) return;
    wrong++;
    first ??= `element ${index} is ${found.data[index]} instead of ${value}`;
  });
  if (wrong > 0) return `${wrong} of ${expected.data.length} differ, ${first}`;
  return output.type === "bits" ? findStrayBit(output) : undefined;
}

/** Unused high bits of every run must be 0. */
function findStrayBit(output: Tensor): string | undefined {
  const channels = output.shape[1] as number;
  const words = countBytes(output) / 4 / (countElements(output.shape) / channels);
  const used = channels % 32;
  if (used === 0) return undefined;
  const stray = output.data.findIndex((word, index) => index % words === words - 1 && word >>> used !== 0);
  return stray < 0 ? undefined : `word ${stray} has bits beyond channel ${channels}`;
}

/** Compare two outputs of kernels bit for bit (0 and -0 count as equal). */
export function findInequality(a: Tensor, b: Tensor): string | undefined {
  const index = a.data.findIndex((value, i) => value !== b.data[i]);
  return index < 0 ? undefined : `element ${index} is ${a.data[index]}, but ${b.data[index]} in another build`;
}
