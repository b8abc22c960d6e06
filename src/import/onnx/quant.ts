// QONNX's Quant (IntQuant): scale (q - zeroPoint) with q = x / scale + zeroPoint, clamped to what the bits hold and rounded; one signed bit is a sign.
import { roundHalfEven } from "./fold/unary.ts";
import type { OnnxNode } from "./node.ts";
import type { Tensor } from "./tensor.ts";

export interface Quant {
  /** q is -1 or 1. */
  isSign: boolean;
  low: number;
  high: number;
  mode: string;
  round(q: number): number;
}

const ROUNDINGS: Readonly<Record<string, (q: number) => number>> = {
  ROUND: roundHalfEven,
  HALF_EVEN: roundHalfEven,
  CEIL: Math.ceil,
  FLOOR: Math.floor,
  ROUND_TO_ZERO: Math.trunc,
  DOWN: Math.trunc,
};

/** Read what the node's attributes and its number of bits say. */
export function readQuant(node: OnnxNode, { data }: Tensor): Quant {
  const [bits = 0] = data;
  const [isSigned, isNarrow] = [node.int("signed", 1) !== 0, node.int("narrow", 0) !== 0];
  const mode = node.text("rounding_mode", "ROUND").toUpperCase();
  const round = ROUNDINGS[mode];
  if (data.length !== 1 || !(bits >= 1 && bits <= 24))
    throw node.unsupported(`has ${data.length === 1 ? bits : "several numbers of"} bits`, "1 to 24 are supported");
  if (round === undefined) throw node.unsupported(`rounds by "${mode}"`, `${Object.keys(ROUNDINGS).join(", ")} are supported`);
  const low = isSigned ? -(2 ** (bits - 1)) + (isNarrow ? 1 : 0) : 0;
  const high = isSigned ? 2 ** (bits - 1) - 1 : 2 ** bits - 1 - (isNarrow ? 1 : 0);
  return { isSign: bits === 1 && isSigned, low, high, mode, round };
}
