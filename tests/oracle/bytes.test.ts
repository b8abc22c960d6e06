// Conv2d and dense layers that read int8 values or make them, against the oracle in every build, by every kernel that can.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { LayerAttrs } from "../../src/graph/attributes.ts";
import type { Node, Numbers } from "../../src/graph/graph.ts";
import { KERNELS } from "../../src/kernels/table.ts";
import { conv2d, dense, type Probe } from "../support/interpret-layers.ts";
import { BUILDS, type Outcome, runOp, type Tensor } from "../support/kernel-runner.ts";
import {
  addsResidual,
  BYTE_KINDS,
  drawInput,
  drawLayer,
  findInequality,
  findRealDifference,
  type LayerKind,
  nearnessOf,
  openTensor,
  TO_BYTES_KINDS,
} from "../support/layer-cases.ts";
import { Random } from "../support/random.ts";
import type { Tensor as RealTensor } from "../support/tensor.ts";
import { square } from "../support/window.ts";

const IS_DEEP = process.env.HYBIT_DEEP === "1";
const STAGES = { add: "first", bend: "clip", affine: "both" } as const;

interface Layer {
  node: Node<Numbers>;
  attrs: LayerAttrs<Numbers>;
  inputs: Tensor[];
  /** Products of an output. */
  depth: number;
  interpret: (inputs: RealTensor[], probe: Probe) => RealTensor;
}

function spellKind({ inputKind, isByte, weightKind, hasThresholds, makesBytes }: LayerKind): string {
  return `${isByte ? "int8 values" : inputKind} x ${weightKind} to ${makesBytes ? "int8" : hasThresholds ? "bits" : "f32"}`;
}

function drawConv(kind: LayerKind, seed: number): Layer {
  const random = new Random(seed);
  const groups = random.pick([1, 1, 1, 2, 5]);
  const [run, filters] = [random.pick([1, 3, 5, 9, 33]), random.pick([1, 4, 7, 33])];
  const stride = random.pick([1, 1, 2, 2, 3]);
  const kernel = random.pick([1, 3, 3, 5, 7]);
  const window = { ...square(kernel, stride, random.int(0, kernel >> 1)), dilationH: random.int(1, 2) };
  const span = window.dilationH * (kernel - 1) + 1;
  const height = Math.max(1, span - 2 * window.padTop) + random.int(0, 9);
  const width = Math.max(1, kernel - 2 * window.padLeft) + random.pick([0, 3, 7, 8, 15, 16, 17, 33]);
  const shape = [random.int(1, 3), run * groups, height, width];
  const layer = drawLayer(random, kind, filters * groups, kernel * kernel, run);
  const attrs = { ...layer, inChannels: run * groups, outChannels: filters * groups, groups, window, padValue: 0 } as const;
  const inputs = [drawInput(random, kind, shape)];
  const outSize = (size: number, covered: number, pad: number) => Math.floor((size + 2 * pad - covered) / stride) + 1;
  const outShape = [shape[0] as number, attrs.outChannels, outSize(height, span, window.padTop), outSize(width, kernel, window.padLeft)];
  const addInput = (of: number[]) => inputs.push(drawInput(random, { ...kind, inputKind: "float", isByte: false }, of));
  if (random.int(0, 3) === 0) addInput([outShape[0] as number, 1, ...outShape.slice(2)]);
  if (addsResidual(kind)) addInput(outShape);
  const node = { name: "conv", op: "conv2d" as const, attrs, inputs: inputs.map((_, i) => i), outputs: [inputs.length] };
  return { node, attrs, inputs, depth: kernel * kernel * run, interpret: (operands, probe) => conv2d(attrs, operands, probe) };
}

function drawDense(kind: LayerKind, seed: number): Layer {
  const random = new Random(seed);
  const [rows, inFeatures, outFeatures] = [random.int(1, 5), random.pick([1, 7, 8, 40, 129, 300]), random.pick([1, 9, 33, 70, 130])];
  const attrs = { ...drawLayer(random, kind, outFeatures, 1, inFeatures), inFeatures, outFeatures };
  const inputs = [drawInput(random, kind, [rows, inFeatures])];
  if (addsResidual(kind)) inputs.push(drawInput(random, { ...kind, inputKind: "float", isByte: false }, [rows, outFeatures]));
  const node = { name: "fc", op: "dense" as const, attrs, inputs: inputs.map((_, i) => i), outputs: [inputs.length] };
  return { node, attrs, inputs, depth: inFeatures, interpret: (operands, probe) => dense(attrs, operands, probe) };
}

/** Kernels that read int8 values, and that made them. */
const readers = new Set<string>();
const makers = new Set<string>();

/** Run a layer everywhere; returns what went wrong. */
function findFailures(layer: Layer, kind: LayerKind, seed: number): string[] {
  const { node, attrs, inputs, depth } = layer;
  const near = new Set<number>();
  let compared = 0;
  const operands = inputs.map((input) => openTensor(input, { scale: attrs.inputScale, zeroPoint: attrs.inputZeroPoint }));
  const expected = layer.interpret(operands, (value, threshold) => {
    if (kind.numbers === "real" && Math.abs(value - threshold) < nearnessOf(kind, false)) near.add(compared);
    compared++;
  });
  const roughly = (index: number) => (near.has(index) ? 2 : 1e-4 * (1 + 4 * Math.sqrt(depth)) + (attrs.quantize?.scale ?? 0));
  const isInteger = kind.inputKind !== "float" && kind.weightKind !== "float";
  let first: Outcome | undefined;
  const problems: string[] = [];
  for (const build of BUILDS) {
    for (const kernels of ["auto", "im2row", "popcount", "direct", "reference"]) {
      const outcome = runOp(build, node, inputs, { kernels });
      for (const kernel of outcome.called) {
        if (kind.isByte) readers.add(kernel);
        if (kind.makesBytes) makers.add(kernel);
      }
      const output = outcome.outputs[0] as Tensor;
      first ??= outcome;
      // Seven points are fractions, so whole numbers do not stay whole on the way.
      const isExact = kind.numbers === "whole" && !outcome.kernel.includes("winograd7");
      const problem =
        findRealDifference(output, expected, attrs.quantize, isExact ? undefined : roughly) ??
        (isInteger ? findInequality(output, first.outputs[0] as Tensor) : undefined) ??
        (kind.isByte ? findInequality(output, runOnFloats(build, layer, operands, outcome.kernel)) : undefined);
      if (problem !== undefined) problems.push(`${build} ${outcome.kernel}, seed ${seed}: ${problem}`);
    }
  }
  return problems;
}

/** What the same numbers give as floats. */
function runOnFloats(build: (typeof BUILDS)[number], { node, inputs }: Layer, operands: readonly RealTensor[], kernels: string): Tensor {
  const floats = inputs.map((input, i): Tensor => ({ ...input, type: "f32", data: Float32Array.from(operands[i]?.data ?? []) }));
  return runOp(build, node, floats, { kernels }).outputs[0] as Tensor;
}

for (const kind of [
  ...BYTE_KINDS,
  ...TO_BYTES_KINDS,
  ...BYTE_KINDS.filter(({ hasThresholds }) => !hasThresholds).map((each) => ({ ...each, makesBytes: true })),
]) {
  for (const [op, draw] of [
    ["conv2d", drawConv],
    ["dense", drawDense],
  ] as const) {
    test(`${op} ${spellKind(kind)}: random layers`, () => {
      const problems = Array.from({ length: IS_DEEP ? 600 : 40 }, (_, i) => {
        const drawn: LayerKind = { ...kind, numbers: i % 3 ? "whole" : "real", stages: i % 4 ? undefined : STAGES };
        return findFailures(draw(drawn, 100 + i), drawn, 100 + i);
      }).flat();
      assert.deepEqual(problems.slice(0, 8), []);
    });
  }
}

test("every kernel that reads the int8 grid read int8 values, and every one that makes reals made some", () => {
  const names = KERNELS.filter(({ op }) => op === "conv2d" || op === "dense").map(({ name }) => name);
  const reading = names.filter((name) => /_i8.*(reference|bytelut)/.test(name) || ["conv2d_pack_rows_i8", "conv2d_pack_pairs"].includes(name));
  const making = names.filter((name) => name.includes("f32_"));
  assert.deepEqual([...reading.filter((name) => !readers.has(name)), ...making.filter((name) => !makers.has(name))], []);
});

test("outputs round halves to even, stop at both ends, and take NaN for the largest", () => {
  const { POSITIVE_INFINITY: infinite, NaN: none } = Number;
  const cases: [y: number, zeroPoint: number, q: number][] = [
    ...[-1e30, -65, -64.25, -64].map((y): [number, number, number] => [y, 0, -128]),
    ...[63.5, 63.75, 64, 1e30, infinite, none].map((y): [number, number, number] => [y, 0, 127]),
    [-0.75, 0, -2],
    [-0.25, 0, 0],
    [0.25, 0, 0],
    [0.75, 0, 2],
    [63.25, 0, 126],
    [-61.75, -5, -128],
    [-61.5, -5, -128],
    [-61, -5, -127],
    [66, -5, 127],
    [none, -5, 127],
    [0, 127, 127],
    [-0.5, 127, 126],
    [127, -128, 126],
  ];
  for (const [y, zeroPoint, q] of cases) {
    // A row of nine is a vector and one.
    const attrs = {
      inFeatures: 1,
      outFeatures: 9,
      inputKind: "float",
      inputScale: 1,
      inputZeroPoint: 0,
      weights: { kind: "float", data: new Float32Array(9).fill(1) },
      quantize: { scale: 0.5, zeroPoint },
    } as const;
    for (const build of BUILDS) {
      for (const kernels of ["auto", "reference"]) {
        const x: Tensor = { type: "f32", shape: [1, 1], data: Float32Array.of(y) };
        const { outputs } = runOp(build, { name: "fc", op: "dense", attrs, inputs: [0], outputs: [1] }, [x], { kernels });
        assert.deepEqual([...(outputs[0]?.data ?? [])], new Array(9).fill(q), `${build} ${kernels}: ${y} with zero point ${zeroPoint}`);
      }
    }
  }
});
