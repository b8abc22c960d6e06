// What conv2d and dense refuse, and the sentences they refuse it with; and what they say of their constants.
import assert from "node:assert/strict";
import { test } from "node:test";
import { square } from "../../tests/support/window.ts";
import type { Conv2dAttrs, DenseAttrs } from "../graph/attributes.ts";
import { PlanError } from "../graph/errors.ts";
import type { NodeOf } from "../graph/graph.ts";
import { conv2d } from "./conv2d.ts";
import { dense } from "./dense.ts";
import type { Type } from "./op.ts";
import { countStoredBytes } from "./stored.ts";
import { inferNode } from "./table.ts";

const WINDOW = square(3, 1, 1);
const LAYER = { inputKind: "float", inputScale: 1, inputZeroPoint: 0, weights: { kind: "float", data: "w" } } as const;
const CONV: Conv2dAttrs<string> = { ...LAYER, inChannels: 64, outChannels: 8, groups: 1, window: WINDOW, padValue: 0 };
const DENSE: DenseAttrs<string> = { ...LAYER, inFeatures: 40, outFeatures: 5 };
const IMAGE: Type = { type: "f32", shape: [1, 64, 28, 28] };

const INT8 = { inputKind: "int8", inputScale: 0.1, inputZeroPoint: 3, weights: { kind: "sign", data: "w", alpha: "a" } } as const;
const RELU = { hasResidual: false, addsLast: false, low: 0, high: 1e30 };

const convNode = (changes: Partial<Conv2dAttrs<string>>): NodeOf<"conv2d", string> => ({
  name: "layer3.conv1",
  op: "conv2d",
  attrs: { ...CONV, ...changes },
  inputs: [0],
  outputs: [1],
});

const refusals: { title: string; changes: Partial<Conv2dAttrs<string>>; inputs?: Type[]; code: string; message: RegExp }[] = [
  {
    title: "other channels",
    changes: { inChannels: 128 },
    code: "shape",
    message: /in node "layer3.conv1": \(conv2d\) input is \[1,64,28,28\].*128 channels/,
  },
  { title: "groups", changes: { groups: 3 }, code: "invalid", message: /3 groups do not divide 64/ },
  { title: "no groups", changes: { groups: 0 }, code: "invalid", message: /0 groups/ },
  { title: "no kernel", changes: { window: { ...WINDOW, kernelH: 0 } }, code: "invalid", message: /at least 1/ },
  { title: "no stride", changes: { window: { ...WINDOW, strideW: 0 } }, code: "invalid", message: /stride/ },
  { title: "too large a window", changes: { window: { ...WINDOW, kernelH: 31 } }, code: "shape", message: /covers 31/ },
  { title: "huge window fields", changes: { window: { ...WINDOW, padLeft: 2 ** 31 } }, code: "unsupported", message: /window .*2147483648/ },
  { title: "sign without alpha", changes: { weights: { kind: "sign", data: "w" } }, code: "invalid", message: /alpha/ },
  { title: "two-level without beta", changes: { weights: { kind: "two-level", data: "w", alpha: "a" } }, code: "invalid", message: /beta/ },
  { title: "a negative scale", changes: { ...INT8, inputScale: -1 }, code: "invalid", message: /int8 scale -1/ },
  {
    title: "a scale that is not finite",
    changes: { ...INT8, inputScale: Number.POSITIVE_INFINITY },
    code: "invalid",
    message: /int8 scale Infinity/,
  },
  { title: "a zero point that is no int8", changes: { ...INT8, inputZeroPoint: 128 }, code: "invalid", message: /zero point 128/ },
  {
    title: "a zero point without a scale",
    changes: { ...INT8, inputScale: 0, inputZeroPoint: 3 },
    code: "invalid",
    message: /scale 0 and zero point 3/,
  },
  {
    title: "int8 sums beyond 31 bits",
    changes: { ...INT8, inChannels: 2 ** 20 },
    inputs: [{ type: "f32", shape: [1, 2 ** 20, 1, 1] }],
    code: "too-large",
    message: /weights but 8388608 is the most/,
  },
  { title: "f32 for bits", changes: { inputKind: "binary" }, code: "type", message: /binarize/ },
  { title: "bits for f32", changes: {}, inputs: [{ ...IMAGE, type: "bits" }], code: "type", message: /unpack/ },
  {
    title: "int8 for floats",
    changes: {},
    inputs: [{ ...IMAGE, type: "i8" }],
    code: "type",
    message: /needs f32 but its input 0 is i8; put another node/,
  },
  {
    title: "int8 without a stored scale",
    changes: { ...INT8, inputScale: 0, inputZeroPoint: 0 },
    inputs: [{ ...IMAGE, type: "i8" }],
    code: "type",
    message: /needs f32 but its input 0 is i8/,
  },
  { title: "bits for int8", changes: INT8, inputs: [{ ...IMAGE, type: "bits" }], code: "type", message: /needs f32 or i8/ },
  { title: "an output grid without a scale", changes: { quantize: { scale: 0, zeroPoint: 0 } }, code: "invalid", message: /int8 scale 0/ },
  { title: "an output grid beyond int8", changes: { quantize: { scale: 1, zeroPoint: -129 } }, code: "invalid", message: /zero point -129/ },
  { title: "padding with ones", changes: { padValue: 1 }, code: "invalid", message: /padded with 0/ },
  { title: "rank 2", changes: {}, inputs: [{ type: "f32", shape: [1, 64] }], code: "shape", message: /needs \[N,C,H,W\]/ },
  {
    title: "huge weights",
    changes: { inChannels: 2 ** 26 },
    inputs: [{ type: "f32", shape: [1, 2 ** 26, 1, 1] }],
    code: "too-large",
    message: /weights/,
  },
  {
    title: "a scale of another shape",
    changes: {},
    inputs: [IMAGE, { type: "f32", shape: [1, 1, 26, 26] }],
    code: "shape",
    message: /\[1,1,28,28\]/,
  },
  {
    title: "a scale before integer thresholds",
    changes: { inputKind: "binary", weights: { kind: "sign", data: "w", alpha: "a" }, thresholds: { values: "t" } },
    inputs: [
      { ...IMAGE, type: "bits" },
      { type: "f32", shape: [1, 1, 28, 28] },
    ],
    code: "invalid",
    message: /per-pixel scale/,
  },
  {
    title: "a residual of another shape",
    changes: { epilogue: { ...RELU, hasResidual: true } },
    inputs: [IMAGE, { type: "f32", shape: [1, 8, 28, 1] }],
    code: "shape",
    message: /the residual is \[1,8,28,1\] but the output needs \[1,8,28,28\]/,
  },
  {
    title: "a residual of bits",
    changes: { epilogue: { ...RELU, hasResidual: true } },
    inputs: [IMAGE, { type: "bits", shape: [1, 8, 28, 28] }],
    code: "type",
    message: /unpack/,
  },
  {
    title: "a residual in place of the scale",
    changes: { epilogue: RELU },
    inputs: [IMAGE, { type: "f32", shape: [1, 8, 28, 28] }],
    code: "shape",
    message: /per-pixel scale/,
  },
];

for (const { title, changes, inputs = [IMAGE], code, message } of refusals) {
  test(`conv2d refuses ${title}`, () => {
    assert.throws(
      () => inferNode(convNode(changes), inputs),
      (error) => error instanceof PlanError && error.code === code && error.node === "layer3.conv1" && message.test(error.message),
    );
  });
}

test("conv2d infers shape and type of its output", () => {
  const strided = convNode({ window: { ...WINDOW, strideH: 2, strideW: 3, padRight: 0 }, thresholds: { values: "t" } });
  assert.deepEqual(inferNode(strided, [IMAGE]), { type: "bits", shape: [1, 8, 14, 9] });
});

test("thresholds are integers unless an epilogue comes before them; a scale may stand between input and residual", () => {
  const attrs: Conv2dAttrs<string> = { ...CONV, inputKind: "binary", weights: { kind: "sign", data: "w", alpha: "a" }, thresholds: { values: "t" } };
  const typeOf = (layer: Conv2dAttrs<string>) => conv2d.stored?.(layer, []).find(({ name }) => name === "thresholds")?.type;
  assert.deepEqual([typeOf(attrs), typeOf({ ...attrs, epilogue: RELU })], ["i32", "f32"]);
  const scale: Type = { type: "f32", shape: [1, 1, 28, 28] };
  const residual: Type = { type: "f32", shape: [1, 8, 28, 28] };
  const fused = convNode({ ...attrs, epilogue: { ...RELU, hasResidual: true } });
  assert.deepEqual(inferNode(fused, [{ ...IMAGE, type: "bits" }, scale, residual]), { type: "bits", shape: [1, 8, 28, 28] });
});

test("dense refuses other features and bits of other ranks", () => {
  const node: NodeOf<"dense", string> = { name: "fc", op: "dense", attrs: DENSE, inputs: [0], outputs: [1] };
  assert.throws(() => inferNode(node, [{ type: "f32", shape: [1, 41] }]), /in node "fc": \(dense\) input is \[1,41\].*40 features/);
  const binary: NodeOf<"dense", string> = { ...node, attrs: { ...DENSE, inputKind: "binary" } };
  assert.throws(() => inferNode(binary, [{ type: "bits", shape: [1, 2, 40] }]), /put a reshape before it/);
  assert.deepEqual(inferNode(node, [{ type: "f32", shape: [2, 3, 40] }]), { type: "f32", shape: [2, 3, 5] });
});

test("constants have the sizes the format says", () => {
  const weights = { kind: "two-level", data: "w", alpha: "a", beta: "b", bias: "c" } as const;
  const attrs: Conv2dAttrs<string> = {
    ...CONV,
    inChannels: 66,
    outChannels: 34,
    groups: 2,
    weights,
    thresholds: { values: "t", flips: "f" },
    epilogue: { ...RELU, slope: "d", bias: "e" },
  };
  const sizes = conv2d.stored?.(attrs, [IMAGE]).map((constant) => [constant.name, constant.data, countStoredBytes(constant)]);
  assert.deepEqual(sizes, [
    ["weights", "w", 34 * 9 * 2 * 4],
    ["alpha", "a", 34 * 4],
    ["beta", "b", 34 * 4],
    ["bias", "c", 34 * 4],
    ["slope", "d", 34 * 4],
    ["output scale", undefined, 34 * 4],
    ["output bias", "e", 34 * 4],
    ["thresholds", "t", 34 * 4],
    ["threshold flips", "f", 2 * 4],
  ]);
  const bytesOf = (attrs: DenseAttrs<string>) => dense.stored?.(attrs, []).slice(0, 1).map(countStoredBytes);
  assert.deepEqual(bytesOf({ ...DENSE, weights }), [5 * 2 * 4]);
  assert.deepEqual(bytesOf(DENSE), [5 * 40 * 4]);
});
