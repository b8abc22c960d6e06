// The real functions that may stand between a layer and a sign, one channel at a time, in double. Only monotone ones:
// a function that turns round (hard-swish, a leaky ReLU with a negative slope) gives bits that no single compare gives.
import type { Node, Numbers } from "../graph/graph.ts";

export interface Monotone {
  /** Value of channel `channel`. */
  apply(v: number, channel: number): number;
  /** True when larger inputs give smaller outputs in this channel. */
  isFalling(channel: number): boolean;
  /** True when every channel has the same function. */
  isUniform: boolean;
}

/** Read a node as a monotone function; a string says why it is none, undefined that it is no such function at all. */
export function readMonotone(node: Node<Numbers>): Monotone | string | undefined {
  switch (node.op) {
    case "affine": {
      const { scale, bias } = node.attrs;
      if (![...scale, ...bias].every(Number.isFinite)) return "its scale or bias is not finite";
      return {
        apply: (v, c) => v * at(scale, c) + at(bias, c),
        isFalling: (c) => at(scale, c) < 0,
        isUniform: isUniform(scale) && isUniform(bias),
      };
    }
    case "prelu": {
      const { slope, shiftIn, shiftOut } = node.attrs;
      if (slope.some((value) => !(value >= 0))) return "a slope is negative";
      return {
        apply: (v, c) => leak(v + (shiftIn ? at(shiftIn, c) : 0), at(slope, c)) + (shiftOut ? at(shiftOut, c) : 0),
        isFalling: () => false,
        isUniform: [slope, shiftIn, shiftOut].every((numbers) => numbers === undefined || isUniform(numbers)),
      };
    }
    case "activation": {
      const apply = readActivation(node);
      return typeof apply === "string" ? apply : { apply, isFalling: () => false, isUniform: true };
    }
    default:
      return undefined;
  }
}

function readActivation({ attrs: { kind, alpha, beta } }: Extract<Node<Numbers>, { op: "activation" }>): ((v: number) => number) | string {
  switch (kind) {
    case "relu":
      return (v) => Math.max(v, 0);
    case "clip":
      return (v) => Math.min(Math.max(v, alpha), beta);
    case "leaky-relu":
      return alpha >= 0 ? (v) => leak(v, alpha) : "its slope is negative";
    case "hard-sigmoid":
      return alpha >= 0 ? (v) => Math.min(Math.max(alpha * v + beta, 0), 1) : "its slope is negative";
    case "sigmoid":
      return (v) => 1 / (1 + Math.exp(-v));
    case "tanh":
      return Math.tanh;
    case "exp":
      return Math.exp;
    case "erf":
    case "floor":
    case "log":
    case "sqrt":
      return `thresholds are not moved past ${kind}`;
    case "hard-swish":
      return "hard-swish is not monotone";
  }
}

function leak(v: number, slope: number): number {
  return v < 0 ? v * slope : v;
}

function isUniform(numbers: Numbers): boolean {
  return numbers.every((value) => value === numbers[0]);
}

function at(numbers: Numbers, index: number): number {
  return numbers[index] ?? Number.NaN;
}
