// Words that ONNX operators are made of where our graph has no op for them: functions of one value and of two, numbers, and truth as 1 and 0.
import type { ActivationKind, Attributes } from "../../graph/attributes.ts";
import type { Context } from "./context.ts";
import type { OnnxNode } from "./node.ts";
import type { Condition } from "./operand.ts";
import { reshaped } from "./reshaped.ts";
import { scaleShift } from "./scale-shift.ts";
import type { Tensor } from "./tensor.ts";
import { ABOVE_ZERO, binarize, floatAbove } from "./threshold.ts";

/** The largest float: a bound that bounds nothing. */
const LARGEST = (2 - 2 ** -23) * 2 ** 127;

/** Operators under one node's name: what it is made of. */
export class Composer {
  readonly context: Context;
  readonly name: string;

  constructor(node: Pick<OnnxNode, "name">, context: Context) {
    this.context = context;
    this.name = node.name;
  }

  activation(kind: ActivationKind, x: number, alpha = 0, beta = 0): number {
    return this.context.draft.add(this.name, "activation", { kind, alpha, beta }, [x]);
  }

  combine(kind: Attributes<unknown>["elementwise"]["kind"], a: number, b: number): number {
    return this.context.draft.add(this.name, "elementwise", { kind }, [a, b]);
  }

  /** A stored number. */
  number(value: number): number {
    return this.store({ type: "float", shape: [1], data: Float32Array.of(value) });
  }

  store(tensor: Tensor): number {
    this.context.spend(this, tensor.data.length);
    return this.context.store("", tensor);
  }

  /** scale x + bias */
  affine(x: number, scale: number, bias = 0): number {
    return scaleShift(this.context, this.name, x, [scale], [bias]);
  }

  add = (a: number, b: number) => this.combine("add", a, b);
  mul = (a: number, b: number) => this.combine("mul", a, b);
  sub = (a: number, b: number) => this.combine("add", a, this.affine(b, -1));
  max = (a: number, b: number) => this.combine("max", a, b);
  min = (a: number, b: number) => this.affine(this.combine("max", this.affine(a, -1), this.affine(b, -1)), -1);
  exp = (x: number) => this.activation("exp", x);
  log = (x: number) => this.activation("log", x);
  sqrt = (x: number) => this.activation("sqrt", x);
  floor = (x: number) => this.activation("floor", x);
  /** max(x, 0) */
  positive = (x: number) => this.activation("relu", x);
  /** min(x, 0) */
  negative = (x: number) => this.activation("clip", x, -LARGEST, 0);
  abs = (x: number) => this.activation("leaky-relu", x, -1);

  /** Towards zero. */
  truncate(x: number): number {
    return this.sub(this.floor(this.positive(x)), this.floor(this.positive(this.affine(x, -1))));
  }

  /** To the nearest whole number, halves to the even one. */
  round(x: number): number {
    const below = this.floor(x);
    const rest = this.sub(x, below);
    const isNear = (threshold: number) => this.truth({ x: rest, thresholds: [threshold], isNegated: false });
    const isAboveHalf = isNear(floatAbove(0.5));
    const isHalf = this.sub(isNear(0.5), isAboveHalf);
    const isOdd = this.sub(below, this.affine(this.floor(this.affine(below, 0.5)), 2));
    return this.add(this.add(below, isAboveHalf), this.mul(isHalf, isOdd));
  }

  /** 1 where a condition holds and 0 elsewhere; signs have a batch and channels, so values that do not are given them. */
  truth(condition: Condition): number {
    const shape = this.context.shape(condition.x);
    const x = shape.length >= 2 ? condition.x : reshaped(this.context, this.name, condition.x, [shape[0] ?? 1, 1]);
    const held = scaleShift(this.context, this.name, binarize(this.context, this.name, { ...condition, x }), [0.5], [0.5]);
    return reshaped(this.context, this.name, held, shape);
  }

  isAbove(x: number, limit: number): number {
    return this.truth({ x: this.affine(x, 1, -limit), thresholds: [ABOVE_ZERO], isNegated: false });
  }

  /** Input `index` of a node as true and false: 1 and 0. */
  truthOf(node: OnnxNode, index: number): number {
    const operand = this.context.operand(node, index);
    return operand.kind === "condition" ? this.truth(operand.condition) : this.context.value(node, index);
  }

  transpose(x: number, perm: readonly number[]): number {
    return perm.every((from, to) => from === to) ? x : this.context.draft.add(this.name, "transpose", { perm: [...perm] }, [x]);
  }

  /** A single number keeps one axis: the engine has no values without any. */
  reshape(x: number, shape: readonly number[]): number {
    return reshaped(this.context, this.name, x, shape.length === 0 ? [1] : shape);
  }
}
