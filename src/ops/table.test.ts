// What the ops refuse: each sentence names the node and says what was found; the code tells invalid from unsupported.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Attributes, OpName, Window } from "../graph/attributes.ts";
import { type PlanCode, PlanError } from "../graph/errors.ts";
import type { Node } from "../graph/graph.ts";
import type { Type } from "./op.ts";
import { inferNode } from "./table.ts";

const WINDOW: Window = {
  kernelH: 2,
  kernelW: 2,
  strideH: 2,
  strideW: 2,
  dilationH: 1,
  dilationW: 1,
  padTop: 0,
  padLeft: 0,
  padBottom: 0,
  padRight: 0,
};

function f32(...shape: number[]): Type {
  return { type: "f32", shape };
}

function bits(...shape: number[]): Type {
  return { type: "bits", shape };
}

function infer<K extends OpName>(op: K, attrs: Attributes<never>[K], inputs: Type[]): Type {
  return inferNode({ name: "here", op, attrs, inputs: inputs.map((_, i) => i), outputs: [inputs.length] } as Node<unknown>, inputs);
}

const failures: string[] = [];

function refuse<K extends OpName>(code: PlanCode, found: string, op: K, attrs: Attributes<never>[K], ...inputs: Type[]): void {
  try {
    failures.push(`${op} ${JSON.stringify(attrs)} accepts and makes ${JSON.stringify(infer(op, attrs, inputs))}`);
  } catch (error) {
    const isRight = error instanceof PlanError && error.code === code && error.node === "here" && error.message.includes(found);
    if (!isRight) failures.push(`${op} ${JSON.stringify(attrs)}: wanted ${code} with "${found}", got ${error}`);
  }
}

function finish(): void {
  assert.deepEqual(failures.splice(0), []);
}

test("ops that are no layers refuse int8", () => {
  const bytes: Type = { type: "i8", shape: [1, 4, 4, 4] };
  const constant = {} as never;
  refuse("type", "i8", "affine", { scale: constant, bias: constant }, bytes);
  refuse("type", "i8", "maxpool", { window: WINDOW, ceilMode: false }, bytes);
  refuse("type", "i8", "concat", { axis: 1 }, bytes, bytes);
  refuse("type", "i8", "pad", { before: [0, 0, 0, 0], after: [0, 0, 0, 1], value: 0 }, bytes);
  refuse("type", "i8", "slice", { starts: [0, 0, 0, 0], sizes: [1, 1, 1, 1], steps: [1, 1, 1, 1] }, bytes);
  refuse("type", "i8", "transpose", { perm: [0, 2, 1, 3] }, bytes);
  refuse("type", "i8", "elementwise", { kind: "add" }, f32(1, 4, 4, 4), bytes);
  finish();
});

test("ops on real numbers send bits through unpack", () => {
  const picture = bits(1, 4, 4, 4);
  const constant = {} as never;
  refuse("type", "unpack", "affine", { scale: constant, bias: constant }, picture);
  refuse("type", "unpack", "prelu", { slope: constant }, picture);
  refuse("type", "unpack", "binarize", {}, picture);
  refuse("type", "unpack", "avgpool", { window: WINDOW, ceilMode: false, countIncludePad: false }, picture);
  refuse("type", "unpack", "globalpool", { kind: "max" }, picture);
  refuse("type", "unpack", "elementwise", { kind: "add" }, f32(1, 4, 4, 4), picture);
  refuse("type", "unpack", "softmax", { axis: 1, log: false }, picture);
  refuse("type", "unpack", "lrn", { size: 3, alpha: 1, beta: 1, bias: 1 }, picture);
  refuse("type", "unpack", "xnorscale", { window: WINDOW }, picture);
  refuse("type", "unpack", "concat", { axis: 1 }, f32(1, 4, 4, 4), picture);
  refuse("type", "f32", "unpack", {}, f32(1, 4));
  refuse("type", "bits", "maxpool", { window: WINDOW, ceilMode: false, minMask: constant }, f32(1, 4, 4, 4));
  finish();
});

test("missing inputs and wrong ranks", () => {
  refuse("invalid", "0", "affine", { scale: undefined as never, bias: undefined as never });
  refuse("invalid", "1", "elementwise", { kind: "mul" }, f32(1));
  refuse("shape", "[4]", "binarize", {}, f32(4));
  refuse("shape", "[1,4]", "globalpool", { kind: "average" }, f32(1, 4));
  refuse("shape", "[1,4,9]", "maxpool", { window: WINDOW, ceilMode: false }, f32(1, 4, 9));
  refuse("shape", "[N,C,H,W]", "xnorscale", { window: WINDOW }, f32(4, 9));
  finish();
});

test("windows", () => {
  const pool = (window: Partial<Window>) => ({ window: { ...WINDOW, ...window }, ceilMode: false });
  refuse("shape", "height", "maxpool", pool({ kernelH: 5 }), f32(1, 1, 4, 4));
  refuse("invalid", "0", "maxpool", pool({ strideH: 0 }), f32(1, 1, 4, 4));
  refuse("invalid", "height", "maxpool", pool({ padTop: 2 }), f32(1, 1, 4, 4));
  refuse("invalid", "width", "maxpool", pool({ padRight: 2 }), bits(1, 1, 4, 4));
  refuse("invalid", "width", "avgpool", { ...pool({ dilationW: 5, padLeft: 3 }), countIncludePad: true }, f32(1, 1, 4, 4));
  refuse("unsupported", "window", "xnorscale", pool({ padLeft: 2 ** 31, padRight: 2 ** 31 }), f32(1, 1, 4, 4));
  finish();
});

test("shapes", () => {
  refuse("shape", "[2,3]", "elementwise", { kind: "add" }, f32(2, 3), f32(2, 4));
  refuse("invalid", "axis 2", "concat", { axis: 2 }, f32(2, 3));
  refuse("shape", "[2,3,5]", "concat", { axis: 1 }, f32(2, 3, 4), f32(2, 3, 5));
  refuse("unsupported", "17", "concat", { axis: 0 }, ...Array.from({ length: 17 }, () => f32(1, 2)));
  refuse("invalid", "axis 4", "softmax", { axis: 4, log: true }, f32(1, 2));
  refuse("invalid", "0", "lrn", { size: 0, alpha: 1, beta: 1, bias: 1 }, f32(1, 2, 3, 3));
  refuse("invalid", "starts", "slice", { starts: [0], sizes: [1, 1], steps: [1, 1] }, f32(2, 3));
  refuse("shape", "axis 1", "slice", { starts: [0, 2], sizes: [-1, 2], steps: [1, 1] }, f32(2, 3));
  refuse("shape", "axis 1", "slice", { starts: [0, 3], sizes: [-1, -1], steps: [1, 1] }, f32(2, 3));
  refuse("shape", "steps of 0", "slice", { starts: [0, 0], sizes: [-1, -1], steps: [1, 0] }, f32(2, 3));
  refuse("shape", "-2", "slice", { starts: [0, 0], sizes: [-1, -2], steps: [1, 1] }, f32(2, 3));
  refuse("invalid", "before", "pad", { before: [1], after: [0, 0], value: 0 }, f32(2, 3));
  refuse("invalid", "0.5", "pad", { before: [0, 0], after: [0, 1], value: 0.5 }, bits(2, 3));
  refuse("invalid", "[0,0]", "transpose", { perm: [0, 0] }, f32(2, 3));
  refuse("invalid", "perm", "transpose", { perm: [0, 1, 2] }, f32(2, 3));
  refuse("shape", "[-1,-1]", "reshape", { shape: [-1, -1] }, f32(2, 3));
  refuse("shape", "[0,6]", "reshape", { shape: [0, 6] }, f32(2, 3));
  refuse("shape", "[4,-1]", "reshape", { shape: [4, -1] }, f32(2, 3));
  refuse("shape", "6 elements", "reshape", { shape: [2, 4] }, f32(2, 3));
  finish();
});

test("what is accepted", () => {
  assert.deepEqual(infer("reshape", { shape: [-1, 12] }, [f32(5, 3, 2, 2)]), f32(5, 12));
  assert.deepEqual(infer("slice", { starts: [0, 1], sizes: [-1, -1], steps: [1, 2] }, [f32(7, 6)]), f32(7, 3));
  assert.deepEqual(infer("globalpool", { kind: "max" }, [f32(2, 3, 4, 5)]), f32(2, 3, 1, 1));
  assert.deepEqual(infer("elementwise", { kind: "mul" }, [f32(2, 3, 4, 4), f32(3, 1, 1)]), f32(2, 3, 4, 4));
  assert.deepEqual(infer("maxpool", { window: { ...WINDOW, kernelH: 3, kernelW: 3 }, ceilMode: true }, [bits(1, 3, 6, 6)]), bits(1, 3, 3, 3));
});
