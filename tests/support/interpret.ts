// The independent oracle: walks a graph that holds its constants as typed arrays and computes every value in
// float64, NCHW, bits as +1 and -1. Follows schema/hybit.fbs only; shares no code with the engine or the passes.
import type { Attributes } from "../../src/graph/attributes.ts";
import type { Graph, Node, Numbers } from "../../src/graph/graph.ts";
import { avgpool, compare, conv2d, dense, maxpool, xnorscale } from "./interpret-layers.ts";
import { at, fill, indicesOf, mapChannels, openConstant, read, readBit, type Tensor } from "./tensor.ts";

export type { Tensor } from "./tensor.ts";

export interface InterpretOptions {
  /** Called for every comparison that makes a bit; how near a value came to its threshold. */
  probe?: (node: string, value: number, threshold: number) => void;
}

/** Compute every value of the graph; the map's keys are value names. */
export function interpret(
  graph: Graph<Numbers>,
  inputs: Record<string, { shape: readonly number[]; data: Float32Array | Float64Array }>,
  options: InterpretOptions = {},
): Map<string, Tensor> {
  const values: (Tensor | undefined)[] = graph.values.map((value) => value.constant && openConstant(value.type, value.shape, value.constant));
  for (const index of graph.inputs) {
    const name = graph.values[index]?.name ?? "";
    const given = inputs[name];
    if (given === undefined) throw new Error(`oracle: input "${name}" is missing`);
    values[index] = { shape: [...given.shape], data: Float64Array.from(given.data) };
  }
  for (const node of graph.nodes) {
    const operands = node.inputs.map((index) => {
      const operand = values[index];
      if (operand === undefined) throw new Error(`oracle: node "${node.name}" reads value ${index} before it is made`);
      return operand;
    });
    values[at(node.outputs, 0)] = evaluate(node, operands, (value, threshold) => options.probe?.(node.name, value, threshold));
  }
  const result = new Map<string, Tensor>();
  graph.values.forEach((value, index) => {
    const tensor = values[index];
    if (tensor) result.set(value.name, tensor);
  });
  return result;
}

function evaluate(node: Node<Numbers>, inputs: Tensor[], probe: (value: number, threshold: number) => void): Tensor {
  const x = inputs[0] as Tensor;
  switch (node.op) {
    case "conv2d":
      return conv2d(node.attrs, inputs, probe);
    case "dense":
      return dense(node.attrs, inputs, probe);
    case "affine":
      return mapChannels(x, (v, c) => v * at(node.attrs.scale, c) + at(node.attrs.bias, c));
    case "binarize": {
      const { values, flips } = node.attrs.thresholds ?? {};
      return mapChannels(x, (v, c) => compare(v, values ? at(values, c) : 0, flips !== undefined && readBit(flips, c) === 1, probe));
    }
    case "unpack":
      return x;
    case "maxpool":
      return maxpool(node.attrs, x);
    case "avgpool":
      return avgpool(node.attrs, x);
    case "globalpool":
      return globalpool(node.attrs, x);
    case "activation":
      return mapChannels(x, (v) => activate(node.attrs, v));
    case "prelu":
      return mapChannels(x, (v, c) => {
        const shifted = v + (node.attrs.shiftIn ? at(node.attrs.shiftIn, c) : 0);
        return (shifted < 0 ? shifted * at(node.attrs.slope, c) : shifted) + (node.attrs.shiftOut ? at(node.attrs.shiftOut, c) : 0);
      });
    case "elementwise":
      return elementwise(node.attrs, x, inputs[1] as Tensor);
    case "concat":
      return concat(node.attrs, inputs);
    case "slice":
      return slice(node.attrs, x);
    case "pad":
      return pad(node.attrs, x);
    case "transpose":
      return fill(
        node.attrs.perm.map((axis) => at(x.shape, axis)),
        (indices) =>
          read(
            x,
            x.shape.map((_, axis) => at(indices, node.attrs.perm.indexOf(axis))),
          ),
      );
    case "reshape": {
      const known = node.attrs.shape.reduce((product, dim) => (dim < 0 ? product : product * dim), 1);
      return { shape: node.attrs.shape.map((dim) => (dim < 0 ? x.data.length / known : dim)), data: x.data };
    }
    case "softmax":
      return softmax(node.attrs, x);
    case "lrn":
      return lrn(node.attrs, x);
    case "xnorscale":
      return xnorscale(node.attrs, x);
  }
}

function activate(attrs: Attributes<Numbers>["activation"], v: number): number {
  switch (attrs.kind) {
    case "relu":
      return Math.max(v, 0);
    case "clip":
      return Math.min(Math.max(v, attrs.alpha), attrs.beta);
    case "leaky-relu":
      return v < 0 ? v * attrs.alpha : v;
    case "sigmoid":
      return 1 / (1 + Math.exp(-v));
    case "tanh":
      return Math.tanh(v);
    case "hard-sigmoid":
      return Math.min(Math.max(attrs.alpha * v + attrs.beta, 0), 1);
    case "hard-swish":
      return v * Math.min(Math.max(v / 6 + 0.5, 0), 1);
    case "exp":
      return Math.exp(v);
    case "log":
      return Math.log(v);
    case "sqrt":
      return Math.sqrt(v);
    case "erf":
      return erf(v);
    case "floor":
      return Math.floor(v);
  }
}

/** 2 / sqrt(pi) times the integral of e^(-t^2) from 0 to v, by Simpson's rule. */
function erf(v: number): number {
  const end = Math.max(-6, Math.min(6, v));
  const steps = 400;
  let sum = 0;
  for (let i = 0; i <= steps; i++) sum += (i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2) * Math.exp(-(((end * i) / steps) ** 2));
  return (2 / Math.sqrt(Math.PI)) * sum * (end / steps / 3);
}

function globalpool(attrs: Attributes<Numbers>["globalpool"], x: Tensor): Tensor {
  const inner = x.shape.slice(2).reduce((product, dim) => product * dim, 1);
  const shape = x.shape.map((dim, axis) => (axis < 2 ? dim : 1));
  return fill(shape, (_, offset) => {
    const plane = x.data.subarray(offset * inner, (offset + 1) * inner);
    return attrs.kind === "max" ? Math.max(...plane) : plane.reduce((sum, v) => sum + v, 0) / inner;
  });
}

function elementwise(attrs: Attributes<Numbers>["elementwise"], a: Tensor, b: Tensor): Tensor {
  const rank = Math.max(a.shape.length, b.shape.length);
  const dims = (tensor: Tensor) => [...Array.from({ length: rank - tensor.shape.length }, () => 1), ...tensor.shape];
  const [left, right] = [dims(a), dims(b)];
  const pick = (tensor: Tensor, shape: number[], indices: number[]) =>
    read(
      { shape, data: tensor.data },
      indices.map((index, axis) => (at(shape, axis) === 1 ? 0 : index)),
    );
  return fill(
    left.map((dim, axis) => (dim === 1 ? at(right, axis) : dim)),
    (indices) => {
      const [p, q] = [pick(a, left, indices), pick(b, right, indices)];
      return { add: p + q, mul: p * q, max: Math.max(p, q), div: p / q, pow: p ** q }[attrs.kind];
    },
  );
}

function concat(attrs: Attributes<Numbers>["concat"], inputs: Tensor[]): Tensor {
  const first = inputs[0] as Tensor;
  const total = inputs.reduce((sum, tensor) => sum + at(tensor.shape, attrs.axis), 0);
  return fill(
    first.shape.map((dim, axis) => (axis === attrs.axis ? total : dim)),
    (indices) => {
      let index = at(indices, attrs.axis);
      for (const tensor of inputs) {
        const length = at(tensor.shape, attrs.axis);
        if (index < length)
          return read(
            tensor,
            indices.map((i, axis) => (axis === attrs.axis ? index : i)),
          );
        index -= length;
      }
      return Number.NaN;
    },
  );
}

function slice(attrs: Attributes<Numbers>["slice"], x: Tensor): Tensor {
  const sizes = x.shape.map((dim, axis) => {
    const size = at(attrs.sizes, axis);
    return size < 0 ? Math.ceil((dim - at(attrs.starts, axis)) / at(attrs.steps, axis)) : size;
  });
  return fill(sizes, (indices) =>
    read(
      x,
      indices.map((index, axis) => at(attrs.starts, axis) + index * at(attrs.steps, axis)),
    ),
  );
}

function pad(attrs: Attributes<Numbers>["pad"], x: Tensor): Tensor {
  const shape = x.shape.map((dim, axis) => at(attrs.before, axis) + dim + at(attrs.after, axis));
  return fill(shape, (indices) => {
    const source = indices.map((index, axis) => index - at(attrs.before, axis));
    return source.every((index, axis) => index >= 0 && index < at(x.shape, axis)) ? read(x, source) : attrs.value;
  });
}

function softmax(attrs: Attributes<Numbers>["softmax"], x: Tensor): Tensor {
  const length = at(x.shape, attrs.axis);
  return fill(x.shape, (indices) => {
    const line = Array.from({ length }, (_, k) =>
      read(
        x,
        indices.map((index, axis) => (axis === attrs.axis ? k : index)),
      ),
    );
    const top = Math.max(...line);
    const total = line.reduce((sum, v) => sum + Math.exp(v - top), 0);
    const shifted = at(line, at(indices, attrs.axis)) - top;
    return attrs.log ? shifted - Math.log(total) : Math.exp(shifted) / total;
  });
}

function lrn(attrs: Attributes<Numbers>["lrn"], x: Tensor): Tensor {
  const before = Math.floor((attrs.size - 1) / 2);
  const after = Math.ceil((attrs.size - 1) / 2);
  return fill(x.shape, (_, offset) => {
    const indices = indicesOf(x.shape, offset);
    const channel = at(indices, 1);
    let squares = 0;
    for (let c = Math.max(0, channel - before); c <= Math.min(at(x.shape, 1) - 1, channel + after); c++) {
      squares += read(x, [at(indices, 0), c, ...indices.slice(2)]) ** 2;
    }
    return at(x.data, offset) / (attrs.bias + (attrs.alpha / attrs.size) * squares) ** attrs.beta;
  });
}
