// Quantized constants: what weights are stored as, and what training-form exports make of them.
import type { OnnxNode } from "../node.ts";
import { readQuant } from "../quant.ts";
import { broadcastable } from "../quantization.ts";
import { integers, type Tensor } from "../tensor.ts";
import { dataTypeOf } from "../wire/tensor.ts";
import { mapElements } from "./broadcast.ts";
import { type Folder, need } from "./folder.ts";
import { roundHalfEven } from "./unary.ts";

const ZERO: Tensor = integers([0], []);

/** x with its scale and zero point, which lie along an axis, or are one for all. */
function withGrid(node: OnnxNode, inputs: readonly (Tensor | undefined)[]): [x: Tensor, scale: Tensor, zeroPoint: Tensor] {
  const x = need(node, inputs, 0);
  const [scale, zeroPoint] = [need(node, inputs, 1), inputs[2] ?? ZERO].map((tensor) => broadcastable(node, tensor, x.shape, node.int("axis", 1)));
  return [x, scale as Tensor, zeroPoint as Tensor];
}

const quant: Folder = (node, inputs) => {
  const [x, scale, zeroPoint, bits] = [0, 1, 2, 3].map((index) => need(node, inputs, index)) as [Tensor, Tensor, Tensor, Tensor];
  const { isSign, low, high, round } = readQuant(node, bits);
  return mapElements(node, x.type, [x, scale, zeroPoint], (value, step, zero) => {
    const q = value / step + zero;
    return step * ((isSign ? (q >= 0 ? 1 : -1) : round(Math.min(Math.max(q, low), high))) - zero);
  });
};

export const QUANTIZATION: Readonly<Record<string, Folder>> = {
  DequantizeLinear: (node, inputs) => mapElements(node, "float", withGrid(node, inputs), (q, scale, zero) => scale * (q - zero)),
  IntQuant: quant,
  Quant: quant,
  QuantizeLinear: (node, inputs) => {
    const code = node.int("output_dtype", 0);
    const type = inputs[2]?.type ?? (code === 0 ? "uint8" : dataTypeOf(code));
    if (type !== "int8" && type !== "uint8") throw node.unsupported(`quantizes to ${type ?? `data type ${code}`}`, "int8 and uint8 are supported");
    const [low, high] = type === "int8" ? [-128, 127] : [0, 255];
    return mapElements(node, type, withGrid(node, inputs), (x, scale, zero) => {
      return Math.min(Math.max(roundHalfEven(Math.fround(x / scale)) + zero, low), high);
    });
  },
};
