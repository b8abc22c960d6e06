// What a value name of the ONNX graph stands for while it is imported.
import type { Tensor } from "./tensor.ts";

/** A comparison of a real value with a constant, per channel: true where x >= threshold, or where not. */
export interface Condition {
  /** Index of x in the graph's values. */
  x: number;
  /** One number, or one per channel; floats. */
  thresholds: readonly number[];
  isNegated: boolean;
}

export type Operand =
  | { kind: "constant"; tensor: Tensor }
  | { kind: "value"; index: number }
  // Becomes a node when something turns it into numbers.
  | { kind: "condition"; condition: Condition }
  // Made by a node that could not be imported; an error only if the model's outputs need it.
  | { kind: "missing" };

/** What an operator makes: a graph value by its index, or another operand; several for several outputs. */
export type Translation = number | Operand | readonly (number | Operand)[];

export function toOperand(made: number | Operand): Operand {
  return typeof made === "number" ? { kind: "value", index: made } : made;
}
