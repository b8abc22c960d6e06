// Small random networks that use every op in valid combinations, for tests that compare whole runs.
import type { Attributes, Epilogue, OpName, Weights, Window } from "../../src/graph/attributes.ts";
import type { Graph, Node, Numbers } from "../../src/graph/graph.ts";
import { NO_LIMIT } from "../../src/ops/layer-kind.ts";
import type { Type } from "../../src/ops/op.ts";
import { inferNode } from "../../src/ops/table.ts";
import type { Random } from "./random.ts";
import { windowOf } from "./window.ts";

/** Grows a graph node by node; shapes come from the ops themselves. */
export class GraphBuilder {
  readonly graph: Graph<Numbers> = { name: "random", values: [], nodes: [], inputs: [], outputs: [], metadata: { labels: [], entries: {} } };
  readonly #types: Type[] = [];

  input(name: string, shape: readonly number[], type: Type["type"] = "f32"): number {
    this.graph.values.push({ name, type, shape: [-1, ...shape.slice(1)] });
    this.#types.push({ type, shape });
    const index = this.graph.values.length - 1;
    this.graph.inputs.push(index);
    return index;
  }

  /** Append a node; returns its output, or undefined when the op refuses these inputs. */
  add<K extends OpName>(op: K, attrs: Attributes<Numbers>[K], ...inputs: number[]): number {
    const name = `${op}${this.graph.nodes.length}`;
    const index = this.graph.values.length;
    const node = { name, op, attrs, inputs, outputs: [index] } as Node<Numbers>;
    const type = inferNode(
      node,
      inputs.map((input) => this.type(input)),
    );
    this.graph.nodes.push(node);
    this.graph.values.push({ name: `${name}.out`, type: type.type, shape: [-1, ...type.shape.slice(1)] });
    this.#types.push(type);
    return index;
  }

  type(index: number): Type {
    return this.#types[index] as Type;
  }

  output(index: number): void {
    this.graph.outputs.push(index);
  }
}

export function randomWindow(random: Random, height: number, width: number): Window {
  const side = (size: number) => {
    const kernel = random.int(1, Math.min(5, size));
    const dilation = kernel > 1 && (kernel - 1) * 2 + 1 <= size ? random.int(1, 2) : 1;
    return { kernel, dilation, stride: random.int(1, 3), before: random.int(0, kernel - 1), after: random.int(0, kernel - 1) };
  };
  const [y, x] = [side(height), side(width)];
  return windowOf(y, x);
}

export function randomWeights(random: Random, kind: Weights<Numbers>["kind"], outputs: number, taps: number, inputs: number): Weights<Numbers> {
  const bias = random.pick([undefined, random.floats(outputs)]);
  if (kind === "float") return { kind, data: random.floats(outputs * taps * inputs), bias };
  return {
    kind,
    data: random.words(outputs * taps, inputs),
    alpha: random.floats(outputs, 0.1, 1),
    beta: kind === "two-level" ? random.floats(outputs, -1, 0.3) : undefined,
    bias,
  };
}

/** An epilogue for a layer of so many filters. */
export function randomEpilogue(random: Random, filters: number, hasResidual: boolean): Epilogue<Numbers> {
  const optional = (low: number, high: number) => random.pick([undefined, random.floats(filters, low, high)]);
  const [low, high] = random.pick([[0, 0] as const, [0, NO_LIMIT] as const, [-1, 1.5] as const]);
  return { hasResidual, addsLast: random.int(0, 1) === 1, slope: optional(-1, 1), low, high, scale: optional(-2, 2), bias: optional(-1, 1) };
}

/** A convolution over `source`, binary when it is bits. */
export function addConv(random: Random, builder: GraphBuilder, source: number, window: Window, toBits: boolean): number {
  const { type, shape } = builder.type(source);
  const inChannels = shape[1] as number;
  const groups = inChannels % 2 === 0 && random.int(0, 3) === 0 ? 2 : 1;
  const isBinary = type === "bits";
  const kind = isBinary ? random.pick(["sign", "two-level"] as const) : random.pick(["float", "sign", "two-level"] as const);
  const taps = window.kernelH * window.kernelW;
  // A residual needs a value of the output's shape: here a pool of the input, when there are as many filters as channels.
  const hasResidual = type === "f32" && random.int(0, 2) === 0 && window.dilationH === 1 && window.dilationW === 1;
  const outChannels = hasResidual ? inChannels : groups * random.int(1, 20);
  const epilogue = hasResidual || random.int(0, 3) === 0 ? randomEpilogue(random, outChannels, hasResidual) : undefined;
  const residuals = hasResidual ? [builder.add("maxpool", { window, ceilMode: false }, source)] : [];
  const isInteger = isBinary && kind === "sign" && epilogue === undefined;
  const values = isInteger
    ? Int32Array.from({ length: outChannels }, () => random.int(-taps * inChannels, taps * inChannels))
    : random.floats(outChannels, -2, 2);
  return builder.add(
    "conv2d",
    {
      inChannels,
      outChannels,
      groups,
      window,
      padValue: isBinary ? random.pick([-1, 0, 1] as const) : 0,
      inputKind: isBinary ? "binary" : "float",
      inputScale: 1,
      inputZeroPoint: 0,
      weights: randomWeights(random, kind, outChannels, taps, inChannels / groups),
      thresholds: toBits ? { values, flips: random.pick([undefined, random.words(1, outChannels)]) } : undefined,
      epilogue,
    },
    source,
    ...residuals,
  );
}

/** Build a network of about `depth` ops whose output is f32. */
export function randomGraph(random: Random, depth: number): Graph<Numbers> {
  const builder = new GraphBuilder();
  const first = builder.input("x", [2, random.int(1, 40), random.int(4, 12), random.int(4, 12)]);
  let at = first;
  for (let i = 0; i < depth; i++) at = grow(random, builder, at);
  if (builder.type(at).type === "bits") at = builder.add("unpack", {}, at);
  if (random.int(0, 1) === 1) {
    const pooled = builder.add("globalpool", { kind: random.pick(["average", "max"] as const) }, at);
    const channels = builder.type(pooled).shape[1] as number;
    const flat = builder.add("reshape", { shape: [-1, channels] }, pooled);
    const outFeatures = random.int(1, 12);
    const weights = randomWeights(random, random.pick(["float", "sign", "two-level"] as const), outFeatures, 1, channels);
    at = builder.add("dense", { inFeatures: channels, outFeatures, inputKind: "float", inputScale: 1, inputZeroPoint: 0, weights }, flat);
    if (random.int(0, 1) === 1) at = builder.add("softmax", { axis: 1, log: random.int(0, 1) === 1 }, at);
  }
  builder.output(at);
  return builder.graph;
}

function grow(random: Random, builder: GraphBuilder, at: number): number {
  const { type, shape } = builder.type(at);
  const [, channels = 1, height = 1, width = 1] = shape;
  const window = () => randomWindow(random, height, width);
  const poolWindow = () => {
    const w = window();
    return { ...w, dilationH: 1, dilationW: 1 };
  };
  if (type === "bits") {
    return random.pick([
      () => addConv(random, builder, at, window(), random.int(0, 1) === 1),
      () => addConv(random, builder, at, window(), random.int(0, 1) === 1),
      () => builder.add("maxpool", { window: poolWindow(), ceilMode: false, minMask: random.pick([undefined, random.words(1, channels)]) }, at),
      () => builder.add("unpack", {}, at),
      () => builder.add("concat", { axis: 1 }, at, at),
      () => builder.add("pad", { before: [0, 0, 1, 0], after: [0, 0, 0, 2], value: random.pick([-1, 1]) }, at),
      () => builder.add("transpose", { perm: [0, 1, 3, 2] }, at),
      () => builder.add("slice", { starts: [0, channels >> 1, 0, 0], sizes: [-1, channels - (channels >> 1), -1, -1], steps: [1, 1, 1, 1] }, at),
      () => builder.add("reshape", { shape: [-1, channels, 1, height * width] }, at),
    ])();
  }
  return random.pick([
    () => addConv(random, builder, at, window(), random.int(0, 1) === 1),
    () =>
      builder.add("binarize", { thresholds: random.pick([undefined, { values: random.floats(channels), flips: random.words(1, channels) }]) }, at),
    () => builder.add("binarize", {}, at),
    () => builder.add("affine", { scale: random.floats(channels), bias: random.floats(channels) }, at),
    () => builder.add("maxpool", { window: poolWindow(), ceilMode: random.int(0, 1) === 1 }, at),
    () => builder.add("avgpool", { window: poolWindow(), ceilMode: random.int(0, 1) === 1, countIncludePad: random.int(0, 1) === 1 }, at),
    () => {
      const kind = random.pick(["relu", "clip", "leaky-relu", "sigmoid", "tanh", "hard-sigmoid", "hard-swish", "erf"] as const);
      return builder.add("activation", { kind, alpha: kind === "clip" ? -0.5 : 0.2, beta: kind === "clip" ? 0.75 : 0.5 }, at);
    },
    () => builder.add("prelu", { slope: random.floats(channels), shiftIn: random.pick([undefined, random.floats(channels)]) }, at),
    () =>
      builder.add(
        "elementwise",
        { kind: random.pick(["add", "mul", "max"] as const) },
        at,
        builder.add("activation", { kind: "tanh", alpha: 0, beta: 0 }, at),
      ),
    () => builder.add("elementwise", { kind: "mul" }, at, builder.add("globalpool", { kind: "average" }, at)),
    () => builder.add("concat", { axis: random.int(1, 3) }, at, at),
    () => builder.add("pad", { before: [0, 1, 0, 2], after: [0, 0, 1, 1], value: random.float(-1, 1) }, at),
    () => builder.add("slice", { starts: [0, 0, height >> 1, 0], sizes: [-1, -1, height - (height >> 1), -1], steps: [1, 1, 1, 1] }, at),
    () =>
      builder.add(
        "transpose",
        {
          perm: random.pick([
            [0, 1, 3, 2],
            [0, 2, 1, 3],
            [0, 3, 2, 1],
          ]),
        },
        at,
      ),
    () => builder.add("reshape", { shape: [-1, channels * height, 1, width] }, at),
    () => builder.add("softmax", { axis: random.int(1, 3), log: false }, at),
    () => builder.add("lrn", { size: random.int(1, 5), alpha: 0.1, beta: 0.75, bias: 1 }, at),
    () => {
      const w = window();
      const scale = builder.add("xnorscale", { window: w }, at);
      const conv = addConv(random, builder, builder.add("binarize", {}, at), w, false);
      return builder.add("elementwise", { kind: "mul" }, conv, scale);
    },
  ])();
}
