// Functions of one constant, element by element.
import { mapElements } from "./broadcast.ts";
import { type Folder, need } from "./folder.ts";

function unary(apply: (value: number) => number): Folder {
  return (node, inputs) => {
    const tensor = need(node, inputs, 0);
    return mapElements(node, tensor.type, [tensor], apply);
  };
}

/** Ties go to the even neighbour, as ONNX rounds. */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

export const UNARY: Readonly<Record<string, Folder>> = {
  Abs: unary(Math.abs),
  Ceil: unary(Math.ceil),
  Exp: unary(Math.exp),
  Floor: unary(Math.floor),
  Log: unary(Math.log),
  Neg: unary((value) => -value),
  Reciprocal: unary((value) => 1 / value),
  Relu: unary((value) => Math.max(value, 0)),
  Round: unary(roundHalfEven),
  Sigmoid: unary((value) => 1 / (1 + Math.exp(-value))),
  Sign: unary(Math.sign),
  Sqrt: unary(Math.sqrt),
  Tanh: unary(Math.tanh),
  Clip: (node, inputs) => {
    const tensor = need(node, inputs, 0);
    const low = inputs[1]?.data[0] ?? node.float("min", Number.NEGATIVE_INFINITY);
    const high = inputs[2]?.data[0] ?? node.float("max", Number.POSITIVE_INFINITY);
    return mapElements(node, tensor.type, [tensor], (value) => Math.min(Math.max(value, low), high));
  },
};
