// Random graphs of the operators that can be imported, in Hybit and in onnxruntime-web, side by side in one process.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { hybridize, importOnnx, writeModel } from "../../src/convert.ts";
import { loadModel } from "../../src/index.ts";
import { buildModel, type ModelSpec, type NodeSpec, type TensorSpec } from "../../tests/support/onnx-builder.ts";
import { Random } from "../../tests/support/random.ts";
import { openOnnxRuntime } from "./onnxruntime.ts";

const SKIP = existsSync("bench/node_modules/onnxruntime-web") ? false : "onnxruntime-web is not installed; npm ci --prefix bench installs it";

/** Graphs; HYBIT_DEEP=1 takes ten times as many. */
const GRAPHS = process.env.HYBIT_DEEP === "1" ? 1500 : 150;

type Shape = [batch: number, channels: number, height: number, width: number];

/** A graph that grows by one node after the other, on a value [N,C,H,W]. */
class Chain {
  readonly nodes: NodeSpec[] = [];
  readonly initializers: NonNullable<ModelSpec["initializers"]> = {};
  readonly random: Random;
  last = "x";
  shape: Shape;

  constructor(seed: number) {
    this.random = new Random(seed);
    this.shape = [this.random.int(1, 2), this.random.int(1, 4), this.random.int(3, 8), this.random.int(3, 8)];
  }

  constant(dims: readonly number[], values?: readonly number[], type: TensorSpec["type"] = "float"): string {
    const name = `c${Object.keys(this.initializers).length}`;
    const length = dims.reduce((a, b) => a * b, 1);
    this.initializers[name] = { dims, type, values: values ?? [...this.random.floats(length)] };
    return name;
  }

  add(op: string, inputs: string[], attributes?: NodeSpec["attributes"]): void {
    const output = `v${this.nodes.length}`;
    this.nodes.push({ op, inputs, outputs: [output], attributes });
    this.last = output;
  }
}

/** Each adds a node and says the new shape, or does nothing where it does not fit. */
const STEPS: ((chain: Chain) => void)[] = [
  (chain) => {
    const [, channels, height, width] = chain.shape;
    const { random } = chain;
    const [kh, kw, stride, dilation] = [random.int(1, 3), random.int(1, 3), random.int(1, 2), random.int(1, 2)];
    const pads = [random.int(0, 1), random.int(0, 2), random.int(0, 1), random.int(0, 1)] as [number, number, number, number];
    const side = (length: number, k: number, before: number, after: number) =>
      Math.floor((length + before + after - dilation * (k - 1) - 1) / stride) + 1;
    const [h, w] = [side(height, kh, pads[0], pads[2]), side(width, kw, pads[1], pads[3])];
    if (h < 1 || w < 1) return;
    const outs = random.int(1, 4);
    chain.add("Conv", [chain.last, chain.constant([outs, channels, kh, kw]), chain.constant([outs])], {
      strides: [stride, stride],
      dilations: [dilation, dilation],
      pads,
    });
    chain.shape = [chain.shape[0], outs, h, w];
  },
  (chain) => {
    const [batch, channels, height, width] = chain.shape;
    const { random } = chain;
    const [kh, kw, sh, sw, outs] = [random.int(1, 3), random.int(1, 3), random.int(1, 3), random.int(1, 2), random.int(1, 3)];
    if (height * sh > 24 || width * sw > 24) return;
    const extra = [random.int(0, sh - 1), random.int(0, sw - 1)] as [number, number];
    const pad = Math.min(random.int(0, 1), kh - 1, kw - 1);
    const dims = [(height - 1) * sh + kh - 2 * pad + extra[0], (width - 1) * sw + kw - 2 * pad + extra[1]] as const;
    if (dims[0] < 1 || dims[1] < 1) return;
    chain.add("ConvTranspose", [chain.last, chain.constant([channels, outs, kh, kw])], {
      strides: [sh, sw],
      pads: [pad, pad, pad, pad],
      output_padding: extra,
    });
    chain.shape = [batch, outs, ...dims];
  },
  (chain) => {
    const { random } = chain;
    const [batch, channels, height, width] = chain.shape;
    const [kernel, stride, ceil] = [random.int(1, 3), random.int(1, 2), random.int(0, 1)];
    const pad = Math.min(random.int(0, 1), kernel - 1);
    const isMean = random.int(0, 1) === 1;
    // Where the last window would start on the pad, the two differ on purpose: later opsets drop it.
    const span = (length: number) => (length + 2 * pad - kernel) / stride;
    const whole = (length: number) => (ceil ? Math.ceil(span(length)) : Math.floor(span(length))) + 1;
    const isFree = [height, width].every((length) => span(length) >= 0 && (whole(length) - 1) * stride < length + pad);
    if (!isFree) return;
    chain.add(isMean ? "AveragePool" : "MaxPool", [chain.last], {
      kernel_shape: [kernel, kernel],
      strides: [stride, stride],
      pads: [pad, pad, pad, pad],
      ceil_mode: ceil,
      ...(isMean && { count_include_pad: ceil === 1 ? 0 : random.int(0, 1) }),
    });
    chain.shape = [batch, channels, whole(height), whole(width)];
  },
  (chain) =>
    chain.add(chain.random.pick("Relu LeakyRelu Elu Selu Softplus Softsign Sigmoid Tanh Erf HardSigmoid HardSwish Abs Neg".split(" ")), [chain.last]),
  (chain) => {
    // Bounded first, so that nothing leaves the range of floats.
    chain.add("Tanh", [chain.last]);
    chain.add(chain.random.pick(["Exp", "Celu", "Reciprocal"]), [chain.last]);
    chain.add("Clip", [chain.last, chain.constant([], [-50]), chain.constant([], [50])]);
  },
  (chain) => {
    chain.add("Abs", [chain.last]);
    chain.add("Add", [chain.last, chain.constant([], [0.5])]);
    chain.add(chain.random.pick(["Log", "Sqrt"]), [chain.last]);
  },
  (chain) => {
    const [, channels, height, width] = chain.shape;
    const dims = chain.random.pick([[], [channels, 1, 1], [1, width], [height, 1], [channels, height, width]]);
    chain.add(chain.random.pick(["Add", "Sub", "Mul", "Max", "Min", "PRelu"]), [chain.last, chain.constant(dims)]);
  },
  (chain) => {
    const [, channels] = chain.shape;
    const variance = Array.from({ length: channels }, () => chain.random.float(0.2, 2));
    const lists = [chain.constant([channels]), chain.constant([channels]), chain.constant([channels]), chain.constant([channels], variance)];
    chain.add("BatchNormalization", [chain.last, ...lists]);
  },
  (chain) => {
    const [, channels, height, width] = chain.shape;
    if (height * width < 4) return;
    chain.add("InstanceNormalization", [chain.last, chain.constant([channels]), chain.constant([channels])], { epsilon: { float: 0.1 } });
  },
  (chain) => {
    const [batch, channels, height, width] = chain.shape;
    const { random } = chain;
    const pads = Array.from({ length: 4 }, () => random.int(0, 2)) as [number, number, number, number];
    const mode = random.pick(["constant", "reflect", "edge"]);
    if (mode === "reflect" && pads.some((pad, i) => pad >= (i % 2 === 0 ? height : width))) return;
    chain.add("Pad", [chain.last, chain.constant([8], [0, 0, pads[0], pads[1], 0, 0, pads[2], pads[3]], "int64")], { mode });
    chain.shape = [batch, channels, height + pads[0] + pads[2], width + pads[1] + pads[3]];
  },
  (chain) => {
    const [batch, channels] = chain.shape;
    const { random } = chain;
    const [h, w] = [random.int(1, 12), random.int(1, 12)];
    const mode = random.pick(["nearest", "linear", "cubic"]);
    chain.add("Resize", [chain.last, "", "", chain.constant([4], [batch, channels, h, w], "int64")], {
      mode,
      coordinate_transformation_mode: random.pick(["half_pixel", "align_corners", "asymmetric", "pytorch_half_pixel"]),
      nearest_mode: random.pick(["round_prefer_floor", "floor", "ceil"]),
    });
    chain.shape = [batch, channels, h, w];
  },
  (chain) => {
    const [batch, channels, height, width] = chain.shape;
    const axis = chain.random.int(1, 3);
    const op = chain.random.pick(["ReduceMean", "ReduceMax", "ReduceMin", "ReduceL1", "ReduceL2", "ReduceSumSquare", "ReduceLogSumExp"]);
    const before = chain.last;
    chain.add("Tanh", [before]);
    chain.add(op, [chain.last], { axes: [axis], keepdims: 1 });
    chain.add("Mul", [chain.last, before]);
    chain.shape = [batch, channels, height, width];
  },
  (chain) => {
    const [batch, channels, height, width] = chain.shape;
    chain.add("Transpose", [chain.last], { perm: [0, 1, 3, 2] });
    chain.shape = [batch, channels, width, height];
  },
  (chain) => {
    const [batch, channels, height, width] = chain.shape;
    chain.add("Concat", [chain.last, chain.last], { axis: 1 });
    if (channels > 8)
      chain.add("Slice", [chain.last, chain.constant([1], [1], "int64"), chain.constant([1], [5], "int64"), chain.constant([1], [1], "int64")]);
    chain.shape = [batch, channels > 8 ? 4 : 2 * channels, height, width];
  },
  (chain) => {
    const [batch, channels, height, width] = chain.shape;
    const indices = Array.from({ length: chain.random.int(1, 5) }, () => chain.random.int(-width, width - 1));
    chain.add("Gather", [chain.last, chain.constant([indices.length], indices, "int64")], { axis: 3 });
    chain.shape = [batch, channels, height, indices.length];
  },
  (chain) => {
    const [batch, channels, height, width] = chain.shape;
    if (channels % 4 !== 0 || height > 8 || width > 8) return;
    chain.add("DepthToSpace", [chain.last], { blocksize: 2, mode: chain.random.pick(["DCR", "CRD"]) });
    chain.shape = [batch, channels / 4, 2 * height, 2 * width];
  },
  (chain) => {
    const columns = chain.random.int(1, 5);
    chain.add("MatMul", [chain.last, chain.constant([chain.shape[3], columns])]);
    chain.shape = [chain.shape[0], chain.shape[1], chain.shape[2], columns];
  },
  (chain) => chain.add(chain.random.pick(["Softmax", "LogSoftmax"]), [chain.last], { axis: chain.random.int(1, 3) }),
];

function draw(seed: number, length: number): { chain: Chain; file: Uint8Array } {
  const chain = new Chain(seed);
  const { shape } = chain;
  for (let i = 0; i < length; i++) chain.random.pick(STEPS)(chain);
  // What onnxruntime computes is bounded, so that a relative tolerance says something.
  chain.add("Softsign", [chain.last]);
  const file = buildModel({ nodes: chain.nodes, inputs: [{ name: "x", shape }], outputs: [chain.last], initializers: chain.initializers, opset: 17 });
  chain.shape = shape;
  return { chain, file };
}

test("random graphs compute what onnxruntime-web computes", { skip: SKIP }, async () => {
  // Optimized, it folds Pad into pools and then refuses what it made.
  const runtime = await openOnnxRuntime("onnxruntime-web", undefined, "disabled");
  const result = await fc.check(
    fc.asyncProperty(fc.integer({ min: 0, max: 2 ** 31 - 1 }), fc.integer({ min: 1, max: 7 }), async (seed, length) => {
      const { chain, file } = draw(seed, length);
      const x = chain.random.floats(chain.shape.reduce((a, b) => a * b, 1));
      const peer = await runtime.network?.(file, { name: "x", dims: chain.shape }, x);
      const [wanted] = Object.values((await peer?.run()) as Record<string, { data: Float32Array }>);
      await peer?.dispose();
      const model = await loadModel(writeModel(hybridize(importOnnx(file).graph).graph));
      const [found] = Object.values(model.run({ x }));
      const spelled = chain.nodes.map(({ op }) => op).join(" ");
      assert.equal(found?.length, wanted?.data.length, spelled);
      found?.forEach((value, i) => {
        const right = wanted?.data[i] as number;
        assert.ok(Object.is(value, right) || Math.abs(value - right) <= 2e-3, `${spelled}: [${i}] is ${value}, ${right} in onnxruntime-web`);
      });
    }),
    { seed: 1, numRuns: GRAPHS },
  );
  const [seed = 0, length = 0] = result.counterexample ?? [];
  assert.ok(!result.failed, `${JSON.stringify(draw(seed, length).chain.nodes)}: ${result.errorInstance}`);
});
