// Every ONNX operator that can be imported: the name in the file, and the importer.
import type { OnnxNode } from "../node.ts";
import { abs } from "./abs.ts";
import { add } from "./add.ts";
import { averagePool } from "./average-pool.ts";
import { batchNormalization } from "./batch-normalization.ts";
import { bipolarQuant } from "./bipolar-quant.ts";
import { cast } from "./cast.ts";
import { clip } from "./clip.ts";
import { concat } from "./concat.ts";
import { conv } from "./conv.ts";
import { div } from "./div.ts";
import { dropout } from "./dropout.ts";
import { flatten } from "./flatten.ts";
import { gemm } from "./gemm.ts";
import { globalAveragePool } from "./global-average-pool.ts";
import { globalMaxPool } from "./global-max-pool.ts";
import { greater } from "./greater.ts";
import { greaterOrEqual } from "./greater-or-equal.ts";
import { hardSigmoid } from "./hard-sigmoid.ts";
import { hardSwish } from "./hard-swish.ts";
import { identity } from "./identity.ts";
import { leakyRelu } from "./leaky-relu.ts";
import { less } from "./less.ts";
import { lessOrEqual } from "./less-or-equal.ts";
import { logSoftmax } from "./log-softmax.ts";
import { lrn } from "./lrn.ts";
import { matmul } from "./matmul.ts";
import { maxPool } from "./max-pool.ts";
import { mul } from "./mul.ts";
import { neg } from "./neg.ts";
import { not } from "./not.ts";
import type { Operator } from "./operator.ts";
import { pad } from "./pad.ts";
import { prelu } from "./prelu.ts";
import { reduceMean } from "./reduce-mean.ts";
import { relu } from "./relu.ts";
import { reshape } from "./reshape.ts";
import { round } from "./round.ts";
import { sigmoid } from "./sigmoid.ts";
import { sign } from "./sign.ts";
import { slice } from "./slice.ts";
import { softmax } from "./softmax.ts";
import { split } from "./split.ts";
import { squeeze } from "./squeeze.ts";
import { sub } from "./sub.ts";
import { tanh } from "./tanh.ts";
import { transpose } from "./transpose.ts";
import { unsqueeze } from "./unsqueeze.ts";
import { where } from "./where.ts";

export const OPERATORS: Readonly<Record<string, Operator>> = {
  Abs: abs,
  Add: add,
  AveragePool: averagePool,
  BatchNormalization: batchNormalization,
  BipolarQuant: bipolarQuant,
  Cast: cast,
  Clip: clip,
  Concat: concat,
  Conv: conv,
  Div: div,
  Dropout: dropout,
  Flatten: flatten,
  Gemm: gemm,
  GlobalAveragePool: globalAveragePool,
  GlobalMaxPool: globalMaxPool,
  Greater: greater,
  GreaterOrEqual: greaterOrEqual,
  HardSigmoid: hardSigmoid,
  HardSwish: hardSwish,
  Identity: identity,
  LRN: lrn,
  LeakyRelu: leakyRelu,
  Less: less,
  LessOrEqual: lessOrEqual,
  LogSoftmax: logSoftmax,
  MatMul: matmul,
  MaxPool: maxPool,
  Mul: mul,
  Neg: neg,
  Not: not,
  PRelu: prelu,
  Pad: pad,
  ReduceMean: reduceMean,
  Relu: relu,
  Reshape: reshape,
  Round: round,
  Sigmoid: sigmoid,
  Sign: sign,
  Slice: slice,
  Softmax: softmax,
  Split: split,
  Squeeze: squeeze,
  Sub: sub,
  Tanh: tanh,
  Transpose: transpose,
  Unsqueeze: unsqueeze,
  Where: where,
};

/** Domains under which exporters write QONNX operators. */
const QONNX = ["qonnx.custom_op.general", "onnx.brevitas", "finn.custom_op.general"];
const QONNX_OPERATORS = ["BipolarQuant"];

/** Name an operator in our tables; undefined when its domain is not known here. */
export function operatorName({ domain, op }: OnnxNode): string | undefined {
  const isQonnx = QONNX_OPERATORS.includes(op);
  return isQonnx === QONNX.includes(domain) && (isQonnx || domain === "") ? op : undefined;
}

export function findOperator(node: OnnxNode): Operator | undefined {
  const name = operatorName(node);
  return name !== undefined && Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
}
