// Every conv2d kernel against the oracle, in every build. HYBIT_DEEP=1 walks further. A failure prints a case that
// can be put into `CASES` of the last test to replay it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { isDeepStrictEqual } from "node:util";
import type { Conv2dAttrs, Window } from "../../src/graph/attributes.ts";
import type { NodeOf, Numbers } from "../../src/graph/graph.ts";
import { KERNELS } from "../../src/kernels/table.ts";
import { conv2d } from "../support/interpret-layers.ts";
import { BUILDS, type Outcome, type RunOptions, runOp, type Tensor } from "../support/kernel-runner.ts";
import {
  ALL_STAGES,
  addsResidual,
  drawInput,
  drawLayer,
  findDifference,
  findInequality,
  hasIntegerThresholds,
  LAYER_KINDS,
  type LayerKind,
  nearnessOf,
  simdSizes,
} from "../support/layer-cases.ts";
import { Random } from "../support/random.ts";
import { openConstant, type Tensor as RealTensor } from "../support/tensor.ts";

const IS_DEEP = process.env.HYBIT_DEEP === "1";

interface Case {
  kind: LayerKind;
  seed: number;
  batch: number;
  /** Channels of one group. */
  channels: number;
  /** Filters of one group. */
  filters: number;
  groups: number;
  height: number;
  width: number;
  window: Window;
  padValue: -1 | 0 | 1;
  hasScale: boolean;
  /** The SIMD build must choose pair planes. */
  needsPlanes?: boolean;
}

/** kernel, stride, dilation, pads top left bottom right. */
function drawWindow(kernel: [number, number], stride = [1, 1], dilation = [1, 1], pads = [0, 0, 0, 0]): Window {
  const [strideH, strideW] = stride as [number, number];
  const [dilationH, dilationW] = dilation as [number, number];
  const [padTop, padLeft, padBottom, padRight] = pads as [number, number, number, number];
  return { kernelH: kernel[0], kernelW: kernel[1], strideH, strideW, dilationH, dilationW, padTop, padLeft, padBottom, padRight };
}

const SAME = drawWindow([3, 3], [1, 1], [1, 1], [1, 1, 1, 1]);
const BASE = { seed: 1, batch: 1, channels: 5, filters: 6, groups: 1, height: 4, width: 6, window: SAME, padValue: 0, hasScale: false } as const;

function build(c: Case): { node: NodeOf<"conv2d", Numbers>; inputs: Tensor[] } {
  const random = new Random(c.seed);
  const { window, kind } = c;
  const layer = drawLayer(random, kind, c.filters * c.groups, window.kernelH * window.kernelW, c.channels);
  const attrs: Conv2dAttrs<Numbers> = {
    ...layer,
    inChannels: c.channels * c.groups,
    outChannels: c.filters * c.groups,
    groups: c.groups,
    window,
    padValue: c.padValue,
  };
  const inputs = [drawInput(random, kind, [c.batch, attrs.inChannels, c.height, c.width])];
  const outLength = (length: number, kernel: number, stride: number, dilation: number) =>
    Math.floor((length - dilation * (kernel - 1) - 1) / stride) + 1;
  const rows = outLength(c.height + window.padTop + window.padBottom, window.kernelH, window.strideH, window.dilationH);
  const cols = outLength(c.width + window.padLeft + window.padRight, window.kernelW, window.strideW, window.dilationW);
  const addInput = (channels: number) => inputs.push(drawInput(random, { ...kind, inputKind: "float" }, [c.batch, channels, rows, cols]));
  if (c.hasScale) addInput(1);
  if (addsResidual(kind)) addInput(attrs.outChannels);
  return { node: { name: "conv", op: "conv2d", attrs, inputs: inputs.map((_, i) => i), outputs: [inputs.length] }, inputs };
}

const covered = new Set<string>();

/** Run one case everywhere; returns what went wrong. */
function check(c: Case): string[] {
  const problems: string[] = [];
  const { node, inputs } = build(c);
  const operands = inputs.map(({ type, shape, data }) => openConstant(type, shape, data));
  const near = new Set<number>();
  const nearness = nearnessOf(c.kind, c.hasScale);
  let compared = 0;
  const expected = conv2d(node.attrs, operands, (value, threshold) => {
    if (Math.abs(value - threshold) < nearness) near.add(compared);
    compared++;
  });
  const depth = c.channels * c.window.kernelH * c.window.kernelW;
  const slack = (index: number) => (near.has(index) ? 2 : 1e-4 * (1 + 4 * Math.sqrt(depth)));
  let first: Outcome | undefined;
  for (const name of BUILDS) {
    for (const kernels of ["auto", "reference"] as const) {
      try {
        const outcome = runOp(name, node, inputs, { kernels });
        for (const kernel of outcome.called) covered.add(kernel);
        if (c.needsPlanes && name === "simd" && kernels === "auto") assert.match(outcome.kernel, /_lut5_64x1$/);
        const output = outcome.outputs[0] as Tensor;
        const isInteger = c.kind.inputKind !== "float" && c.kind.weightKind !== "float";
        first ??= outcome;
        // Seven points are fractions, so whole numbers do not stay whole on the way.
        const isExact = c.kind.numbers === "whole" && !outcome.kernel.includes("winograd7");
        const problem =
          findDifference(output, expected, isExact ? undefined : slack) ??
          (isInteger ? findInequality(output, first.outputs[0] as Tensor) : undefined);
        if (name === "simd" && kernels === "auto" && outcome.kernel.includes("lut5")) {
          const signs = drawReals(c.seed, operands[0] as RealTensor);
          const isSame = isDeepStrictEqual(runOp(name, node, inputs, { signs }).outputs, outcome.outputs);
          if (!isSame) problems.push(`${name} ${outcome.kernel}: gives another result on reals of the same signs\n    ${JSON.stringify(c)}`);
        }
        if (problem !== undefined) problems.push(`${name} ${outcome.kernel}: ${problem}`);
      } catch (error) {
        problems.push(`${name} ${kernels}: ${error instanceof Error ? error.message : error}`);
      }
    }
  }
  return problems.map((problem) => `${problem}\n    ${JSON.stringify(c)}`);
}

/** Draw reals, some of them on their thresholds, that binarize to an input of +1 and -1. */
function drawReals(seed: number, { shape, data }: RealTensor): RunOptions["signs"] {
  const random = new Random(seed);
  const channels = shape[1] as number;
  const pixels = data.length / channels / (shape[0] as number);
  const thresholds = seed % 3 > 0 ? { values: random.floats(channels), flips: seed % 3 > 1 ? random.words(1, channels) : undefined } : undefined;
  const reals = Float32Array.from(data, (value, index) => {
    const channel = Math.floor(index / pixels) % channels;
    const isFlipped = ((thresholds?.flips?.[channel >> 5] ?? 0) >>> (channel & 31)) & 1;
    const isBelow = value < 0 !== Boolean(isFlipped);
    return (thresholds?.values[channel] ?? 0) + (isBelow ? -random.int(1, 3) : random.int(0, 3));
  });
  return { thresholds, reals };
}

function checkAll(cases: Iterable<Case>): void {
  const problems: string[] = [];
  let count = 0;
  for (const c of cases) {
    count++;
    problems.push(...check(c));
  }
  const shown = problems.slice(0, 12).join("\n  ");
  assert.equal(problems.length, 0, `${problems.length} failures in ${count} cases:\n  ${shown}`);
}

/** Per-pixel scales do not go with thresholds of integers. */
function allowsScale(kind: LayerKind): boolean {
  return !hasIntegerThresholds(kind);
}

const isBinary = (kind: LayerKind) => kind.inputKind === "binary";
const title = (kind: LayerKind) => `${kind.inputKind} x ${kind.weightKind} to ${kind.hasThresholds ? "bits" : "f32"}`;

for (const kind of LAYER_KINDS) {
  test(`conv2d ${title(kind)}: each dimension at the sizes where vector code breaks`, () => {
    const cases: Case[] = [];
    let seed = 1;
    const add = (changes: Partial<Case>) => cases.push({ ...BASE, kind, ...changes, seed: seed++ });
    for (const channels of simdSizes(IS_DEEP ? 520 : 130)) add({ channels, height: 3, width: 3 });
    for (const filters of simdSizes(IS_DEEP ? 130 : 66)) add({ filters, height: 2 });
    for (const width of simdSizes(IS_DEEP ? 130 : 50)) add({ width, height: 2, filters: 3 });
    for (const height of simdSizes(18)) add({ height, width: 3 });
    for (const height of simdSizes(IS_DEEP ? 70 : 34)) add({ height, width: 1, window: drawWindow([1, 1]) });
    for (const batch of [2, 3, 5]) add({ batch });
    for (const kernel of [1, 2, 4, 5, 7]) add({ window: drawWindow([kernel, 3], [1, 1], [1, 1], [kernel - 1, 2, 0, 1]) });
    for (const kernel of [1, 2, 4, 5, 7]) add({ window: drawWindow([2, kernel], [1, 1], [1, 1], [0, 0, 1, kernel - 1]) });
    for (const groups of [2, 3, 8]) for (const channels of [1, 3, 16, 32, 40]) add({ groups, channels, filters: 3, hasScale: allowsScale(kind) });
    for (const groups of [1, 2, 7, 33, 40]) for (const filters of [1, 2]) add({ groups, channels: 1, filters, width: 11 });
    for (const stride of [2, 3])
      for (const width of [6, 19, 34]) add({ width, groups: 3, channels: 1, filters: 1, window: { ...SAME, strideW: stride } });
    for (const padLeft of [2, 3]) add({ width: 21, groups: 3, channels: 1, filters: 2, window: { ...SAME, strideW: 2, padLeft } });
    for (const stride of [2, 3]) for (const width of [5, 9, 18, 35]) add({ width, window: { ...SAME, strideW: stride, strideH: stride } });
    if (kind.inputKind === "float" && kind.weightKind === "float") {
      // Windows of one pixel see the image as one line; tiles of 12 and 16 pixels, and inputs of more than one pass.
      for (const width of simdSizes(34)) add({ width, height: 5, filters: 3, window: drawWindow([1, 1]) });
      for (const groups of [1, 2]) add({ groups, channels: 300, width: 7, height: 7, batch: 2, window: drawWindow([1, 1]) });
      for (const height of [7, 14]) add({ channels: 60, width: 15, height, window: { ...SAME, strideH: 2, strideW: 2 } });
      // So deep that a Winograd layer has two blocks of tiles.
      add({ channels: 520, filters: 5, height: 9, width: 9 });
      add({ channels: 320, filters: 5, height: 9, width: 9, window: drawWindow([5, 5], [1, 1], [1, 1], [2, 2, 2, 2]) });
      // Phases: every stride and window of 3 to 5 taps a phase, images smaller than a tile and wider than two.
      const random = new Random(1);
      for (let stride = 1; stride <= 4; stride++) {
        for (let kernel = 2 * stride + 1; kernel <= 5 * stride; kernel++) {
          const pads = [kernel >> 1, kernel >> 1, (kernel - 1) >> 1, kernel % 3];
          const size = { height: 1 + stride * random.int(0, 9), width: kernel + random.int(0, 9 * stride) };
          add({
            ...size,
            batch: 2,
            filters: random.int(1, 36),
            channels: random.int(1, 6),
            window: drawWindow([kernel, kernel], [stride, stride], [1, 1], pads),
          });
        }
      }
    }
    checkAll(cases);
  });

  test(`conv2d ${title(kind)}: padding, holes, tiny images`, () => {
    const cases: Case[] = [];
    let seed = 1000;
    const add = (changes: Partial<Case>) => cases.push({ ...BASE, kind, ...changes, seed: seed++ });
    const padValues = isBinary(kind) ? ([-1, 0, 1] as const) : ([0] as const);
    for (const padValue of padValues) {
      add({ padValue, height: 1, width: 1 });
      add({ padValue, height: 1, width: 1, window: drawWindow([5, 5], [1, 1], [1, 1], [2, 2, 2, 2]) });
      add({ padValue, height: 2, width: 2, window: drawWindow([2, 2], [3, 3], [3, 3], [4, 5, 6, 7]) });
      add({ padValue, window: drawWindow([3, 3], [2, 1], [2, 3], [2, 0, 3, 4]), channels: 33 });
      add({ padValue, window: drawWindow([1, 1], [1, 1], [1, 1], [1, 2, 3, 4]), channels: 64 });
      add({ padValue, window: drawWindow([3, 2], [1, 2], [1, 1], [1, 0, 2, 1]), channels: 40, groups: 3, filters: 11 });
      add({ padValue, window: drawWindow([4, 4], [4, 4]), height: 9, width: 10, channels: 3 });
      add({ padValue, batch: 2, height: 7, width: 7, channels: 64, filters: 33, hasScale: allowsScale(kind) });
    }
    checkAll(cases);
  });

  test(`conv2d ${title(kind)}: windows that see the whole image`, () => {
    const cases: Case[] = [];
    let seed = 2000;
    const add = (changes: Partial<Case>) => cases.push({ ...BASE, kind, ...changes, seed: seed++ });
    for (const [height, width] of [
      [1, 1],
      [1, 3],
      [4, 4],
      [7, 2],
    ] as const) {
      const window = drawWindow([height, width]);
      for (const channels of [1, 4, 31, 32, 40, 70]) for (const filters of [3, 33, 64]) add({ height, width, window, channels, filters, batch: 2 });
      add({ height, width, window: { ...window, strideH: 2, strideW: 3 }, channels: 9 });
      add({ height, width, window, groups: 2, hasScale: allowsScale(kind) });
      add({ height, width, window: { ...window, padLeft: 1 } });
      add({ height, width, window: { ...window, padBottom: 1, strideH: 9 } });
      add({ height: height + 1, width, window: { ...window, strideH: 9 } });
    }
    checkAll(cases);
  });

  test(`conv2d ${title(kind)}: every epilogue`, () => {
    const cases = ALL_STAGES.flatMap((stages, i): Case[] => {
      const c = { ...BASE, kind: { ...kind, stages }, seed: 2000 + i, batch: 1 + (i % 3), hasScale: i % 7 === 0 };
      const shapes = [
        { ...c, width: 5 + i },
        { ...c, channels: 20, filters: 34, height: 6, width: 7 },
        { ...c, groups: 3, channels: 3 + i, filters: 11, height: 5 },
        { ...c, groups: 7, channels: 1, filters: 1 + (i % 2), width: 9 + i },
        { ...c, channels: 33, filters: 34, height: 3, width: 3, window: drawWindow([3, 3]) },
      ];
      return IS_DEEP ? shapes : shapes.filter((_, shape) => (shape + i) % shapes.length < 2);
    });
    checkAll(cases);
    checkAll(cases.filter((_, i) => i % 3 === 0).map((c) => ({ ...c, kind: { ...c.kind, numbers: "real" as const } })));
  });

  test(`conv2d ${title(kind)}: random layers`, () => {
    const cases: Case[] = [];
    for (let seed = 5000; seed < 5000 + (IS_DEEP ? 1500 : 40); seed++) cases.push(drawCase(kind, seed));
    for (let seed = 9000; seed < 9000 + (IS_DEEP ? 400 : 15); seed++) cases.push(drawCase({ ...kind, numbers: "real" }, seed));
    checkAll(cases);
  });
}

for (const kind of LAYER_KINDS.filter((each) => isBinary(each) && each.weightKind !== "float")) {
  test(`conv2d ${title(kind)}: pair planes`, () => {
    const cases: Case[] = [];
    let seed = 20000;
    const add = (changes: Partial<Case>) => {
      // Pad values take turns.
      const padValue = ([0, 1, -1, 0] as const)[seed % 4] as Case["padValue"];
      cases.push({ ...BASE, height: 9, width: 11, needsPlanes: true, kind, padValue, ...changes, seed: seed++ });
    };
    const around = (kernel: [number, number], stride = [1, 1], dilation = [1, 1]) => {
      const [top, left] = [0, 1].map((axis) => Math.floor((((kernel[axis] as number) - 1) * (dilation[axis] as number)) / 2)) as [number, number];
      return drawWindow(kernel, stride, dilation, [top, left, top, left]);
    };
    // Blocks of every number of steps, whole and odd numbers of channels.
    for (const channels of [1, 2, 4, 5, 6, 31, 32, 33, 64, 65, 75, 85, 90, 127, 130]) add({ channels, filters: 9 });
    for (const channels of [1, 30, 49, 130, 170]) add({ channels, window: drawWindow([1, 1]), filters: 3 });
    for (const filters of [1, 7, 8, 9, 31, 32, 33, 64, 65, 70]) add({ filters, batch: 2, hasScale: allowsScale(kind) });
    for (const width of [24, 25, 30, 31, 32, 33, 47, 48, 56, 63, 64, 65, 100]) add({ width, height: 3, channels: 7 });
    for (const stride of [2, 3]) {
      for (const kernel of [1, 2, 3, 4, 5, 7]) {
        for (const more of [0, 1, 2]) add({ channels: 11, height: 15 + more, width: 17 - more, window: around([kernel, kernel], [stride, stride]) });
      }
    }
    // Bands of rows for three threads: three, two, the last one short, with strides and holes, padding wider than a band's first rows.
    for (const channels of [3, 6]) {
      add({ channels, height: 25, width: 24 });
      add({ channels, height: 19, width: 21, filters: 33 });
      add({ channels, height: 49, width: 27, window: around([3, 3], [2, 2]) });
      add({ channels, height: 40, width: 43, window: around([4, 5], [3, 2]) });
      add({ channels, height: 22, width: 25, window: around([5, 3], [1, 1], [2, 1]) });
      add({ channels, height: 4, width: 30, window: drawWindow([3, 3], [1, 1], [1, 1], [9, 1, 9, 1]) });
    }
    // Windows wider than one row of tables, taller than one block, with holes, larger than the image.
    add({ channels: 6, width: 40, window: around([1, 33]) });
    add({ channels: 6, width: 60, window: around([3, 18], [1, 1], [1, 2]) });
    add({ channels: 6, height: 20, width: 20, window: around([11, 11]) });
    add({ channels: 3, height: 20, width: 20, window: around([11, 11], [4, 4]) });
    add({ channels: 6, window: around([5, 3], [1, 2], [2, 3]) });
    add({ channels: 33, height: 1, width: 30, window: around([5, 5]) });
    add({ channels: 33, height: 30, width: 1, window: around([5, 7]) });
    add({ channels: 5, height: 1, width: 1, window: drawWindow([2, 2], [1, 1], [1, 1], [3, 2, 2, 3]) });
    add({ channels: 5, height: 3, width: 3, window: drawWindow([2, 2], [3, 3], [3, 3], [9, 9, 9, 9]) });
    // Pads that differ: none, one or both sides shared between rows.
    for (const pads of [
      [0, 0, 0, 0],
      [0, 2, 0, 0],
      [0, 0, 0, 2],
      [1, 2, 0, 1],
      [0, 1, 2, 3],
      [3, 3, 3, 3],
      [0, 5, 0, 5],
    ]) {
      for (const stride of [1, 2]) add({ channels: 9, width: 21, height: 12, window: drawWindow([3, 3], [stride, stride], [1, 1], pads) });
    }
    checkAll(cases);
  });

  test(`conv2d ${title(kind)}: random pair planes`, () => {
    const cases: Case[] = [];
    for (let seed = 30000; cases.length < (IS_DEEP ? 1500 : 40); seed++) {
      const random = new Random(seed);
      const drawn = drawCase(kind, seed);
      const { height, width } = drawn;
      const sizes = { height: height + random.int(4, 10), width: width + random.int(8, 24), groups: 1 };
      cases.push({ ...drawn, ...sizes, channels: random.int(1, 130), filters: random.int(1, 70), needsPlanes: false });
    }
    checkAll(cases);
  });
}

test("conv2d: thresholds beyond the range of dot products, and of 16 bits", () => {
  const height = 6;
  const width = 7;
  const random = new Random(7);
  const values = Int32Array.from([-(2 ** 31), -70000, -32769, -32768, -32767, -46, -45, -44, 0, 44, 45, 46, 32766, 32767, 32768, 70000, 2 ** 31 - 1]);
  for (const flips of [undefined, random.words(1, values.length)]) {
    const attrs: Conv2dAttrs<Numbers> = {
      inputKind: "binary",
      inputScale: 1,
      inputZeroPoint: 0,
      inChannels: 5,
      outChannels: values.length,
      groups: 1,
      window: SAME,
      padValue: 1,
      weights: { kind: "sign", data: new Uint32Array(9 * values.length), alpha: new Float32Array(values.length).fill(1) },
      thresholds: { values, flips },
    };
    // All agree: D is 45 everywhere.
    const input: Tensor = { type: "bits", shape: [1, 5, height, width], data: new Uint32Array(height * width) };
    const node: NodeOf<"conv2d", Numbers> = { name: "conv", op: "conv2d", attrs, inputs: [0], outputs: [1] };
    const wanted = values.reduce((word, value, i) => (45 < value ? word | (1 << i) : word), 0) ^ (flips?.[0] ?? 0);
    for (const name of BUILDS) {
      const words = (runOp(name, node, [input]).outputs[0] as Tensor).data;
      assert.ok(
        words.every((word) => word === wanted >>> 0),
        `${name}: ${words[0]} instead of ${wanted}`,
      );
    }
  }
});

function drawCase(kind: LayerKind, seed: number): Case {
  const random = new Random(seed);
  const side = () => random.int(1, 4);
  const kernel: [number, number] = [side(), side()];
  const dilation = [random.int(1, 2), random.int(1, 2)] as [number, number];
  const pads = [0, 0, 0, 0].map(() => random.int(0, 3));
  const least = (k: number, d: number, before: number, after: number) => Math.max(1, d * (k - 1) + 1 - before - after);
  const [top, left, bottom, right] = pads as [number, number, number, number];
  return {
    kind,
    seed,
    batch: random.int(1, 2),
    channels: random.int(0, 3) === 0 ? 1 : random.int(1, 70),
    filters: random.int(1, 36),
    groups: random.pick([1, 1, 1, 2, 3]),
    height: least(kernel[0], dilation[0], top, bottom) + random.int(0, 6),
    width: least(kernel[1], dilation[1], left, right) + random.int(0, 12),
    window: drawWindow(kernel, [random.int(1, 3), random.int(1, 3)], dilation, pads),
    padValue: isBinary(kind) ? random.pick([-1, 0, 1] as const) : 0,
    hasScale: allowsScale(kind) && random.int(0, 3) === 0,
  };
}

test("conv2d: every kernel of the table was run", () => {
  const missing = KERNELS.filter(({ op, name }) => op === "conv2d" && !covered.has(name)).map(({ name }) => name);
  assert.deepEqual(missing, []);
});
