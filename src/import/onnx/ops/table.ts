// Every ONNX operator that can be imported: the name in the file, and the importer.
import type { OnnxNode } from "../node.ts";
import { abs } from "./abs.ts";
import { add } from "./add.ts";
import { and } from "./and.ts";
import { averagePool } from "./average-pool.ts";
import { batchNormalization } from "./batch-normalization.ts";
import { bipolarQuant } from "./bipolar-quant.ts";
import { cast } from "./cast.ts";
import { ceil } from "./ceil.ts";
import { celu } from "./celu.ts";
import { clip } from "./clip.ts";
import { concat } from "./concat.ts";
import { conv } from "./conv.ts";
import { convInteger } from "./conv-integer.ts";
import { convTranspose } from "./conv-transpose.ts";
import { depthToSpace } from "./depth-to-space.ts";
import { dequantizeLinear } from "./dequantize-linear.ts";
import { div } from "./div.ts";
import { dropout } from "./dropout.ts";
import { elu } from "./elu.ts";
import { equal } from "./equal.ts";
import { erf } from "./erf.ts";
import { exp } from "./exp.ts";
import { expand } from "./expand.ts";
import { flatten } from "./flatten.ts";
import { floor } from "./floor.ts";
import { gather } from "./gather.ts";
import { gatherElements } from "./gather-elements.ts";
import { gelu } from "./gelu.ts";
import { gemm } from "./gemm.ts";
import { globalAveragePool } from "./global-average-pool.ts";
import { globalMaxPool } from "./global-max-pool.ts";
import { greater } from "./greater.ts";
import { greaterOrEqual } from "./greater-or-equal.ts";
import { hardSigmoid } from "./hard-sigmoid.ts";
import { hardSwish } from "./hard-swish.ts";
import { identity } from "./identity.ts";
import { instanceNormalization } from "./instance-normalization.ts";
import { leakyRelu } from "./leaky-relu.ts";
import { less } from "./less.ts";
import { lessOrEqual } from "./less-or-equal.ts";
import { log } from "./log.ts";
import { logSoftmax } from "./log-softmax.ts";
import { lrn } from "./lrn.ts";
import { matmul } from "./matmul.ts";
import { matmulInteger } from "./matmul-integer.ts";
import { max } from "./max.ts";
import { maxPool } from "./max-pool.ts";
import { mean } from "./mean.ts";
import { min } from "./min.ts";
import { mish } from "./mish.ts";
import { mul } from "./mul.ts";
import { multiThreshold } from "./multi-threshold.ts";
import { neg } from "./neg.ts";
import { not } from "./not.ts";
import type { Operator } from "./operator.ts";
import { or } from "./or.ts";
import { pad } from "./pad.ts";
import { pow } from "./pow.ts";
import { prelu } from "./prelu.ts";
import { qlinearConv } from "./qlinear-conv.ts";
import { qlinearMatmul } from "./qlinear-matmul.ts";
import { quant } from "./quant.ts";
import { quantizeLinear } from "./quantize-linear.ts";
import { reciprocal } from "./reciprocal.ts";
import { reduceL1 } from "./reduce-l1.ts";
import { reduceL2 } from "./reduce-l2.ts";
import { reduceLogSum } from "./reduce-log-sum.ts";
import { reduceLogSumExp } from "./reduce-log-sum-exp.ts";
import { reduceMax } from "./reduce-max.ts";
import { reduceMean } from "./reduce-mean.ts";
import { reduceMin } from "./reduce-min.ts";
import { reduceProd } from "./reduce-prod.ts";
import { reduceSum } from "./reduce-sum.ts";
import { reduceSumSquare } from "./reduce-sum-square.ts";
import { relu } from "./relu.ts";
import { reshape } from "./reshape.ts";
import { resize } from "./resize.ts";
import { round } from "./round.ts";
import { selu } from "./selu.ts";
import { shrink } from "./shrink.ts";
import { sigmoid } from "./sigmoid.ts";
import { sign } from "./sign.ts";
import { slice } from "./slice.ts";
import { softmax } from "./softmax.ts";
import { softplus } from "./softplus.ts";
import { softsign } from "./softsign.ts";
import { spaceToDepth } from "./space-to-depth.ts";
import { split } from "./split.ts";
import { sqrt } from "./sqrt.ts";
import { squeeze } from "./squeeze.ts";
import { sub } from "./sub.ts";
import { sum } from "./sum.ts";
import { swish } from "./swish.ts";
import { tanh } from "./tanh.ts";
import { thresholdedRelu } from "./thresholded-relu.ts";
import { transpose } from "./transpose.ts";
import { unsqueeze } from "./unsqueeze.ts";
import { upsample } from "./upsample.ts";
import { where } from "./where.ts";
import { xnorPopcountMatmul } from "./xnor-popcount-matmul.ts";
import { xor } from "./xor.ts";

export const OPERATORS: Readonly<Record<string, Operator>> = {
  Abs: abs,
  Add: add,
  And: and,
  AveragePool: averagePool,
  BatchNormalization: batchNormalization,
  BipolarQuant: bipolarQuant,
  Cast: cast,
  Ceil: ceil,
  Celu: celu,
  Clip: clip,
  Concat: concat,
  Conv: conv,
  ConvInteger: convInteger,
  ConvTranspose: convTranspose,
  DepthToSpace: depthToSpace,
  DequantizeLinear: dequantizeLinear,
  Div: div,
  Dropout: dropout,
  Elu: elu,
  Equal: equal,
  Erf: erf,
  Exp: exp,
  Expand: expand,
  Flatten: flatten,
  Floor: floor,
  Gather: gather,
  GatherElements: gatherElements,
  Gelu: gelu,
  Gemm: gemm,
  GlobalAveragePool: globalAveragePool,
  GlobalMaxPool: globalMaxPool,
  Greater: greater,
  GreaterOrEqual: greaterOrEqual,
  HardSigmoid: hardSigmoid,
  HardSwish: hardSwish,
  Identity: identity,
  IntQuant: quant,
  InstanceNormalization: instanceNormalization,
  LRN: lrn,
  LeakyRelu: leakyRelu,
  Less: less,
  LessOrEqual: lessOrEqual,
  Log: log,
  LogSoftmax: logSoftmax,
  MatMul: matmul,
  MatMulInteger: matmulInteger,
  Max: max,
  MaxPool: maxPool,
  Mean: mean,
  Min: min,
  Mish: mish,
  Mul: mul,
  MultiThreshold: multiThreshold,
  Neg: neg,
  Not: not,
  Or: or,
  PRelu: prelu,
  Pad: pad,
  Pow: pow,
  QLinearConv: qlinearConv,
  QLinearMatMul: qlinearMatmul,
  Quant: quant,
  QuantizeLinear: quantizeLinear,
  Reciprocal: reciprocal,
  ReduceL1: reduceL1,
  ReduceL2: reduceL2,
  ReduceLogSum: reduceLogSum,
  ReduceLogSumExp: reduceLogSumExp,
  ReduceMax: reduceMax,
  ReduceMean: reduceMean,
  ReduceMin: reduceMin,
  ReduceProd: reduceProd,
  ReduceSum: reduceSum,
  ReduceSumSquare: reduceSumSquare,
  Relu: relu,
  Reshape: reshape,
  Resize: resize,
  Round: round,
  Selu: selu,
  Shrink: shrink,
  Sigmoid: sigmoid,
  Sign: sign,
  Slice: slice,
  Softmax: softmax,
  Softplus: softplus,
  Softsign: softsign,
  SpaceToDepth: spaceToDepth,
  Split: split,
  Sqrt: sqrt,
  Squeeze: squeeze,
  Sub: sub,
  Sum: sum,
  Swish: swish,
  Tanh: tanh,
  ThresholdedRelu: thresholdedRelu,
  Transpose: transpose,
  Unsqueeze: unsqueeze,
  Upsample: upsample,
  Where: where,
  XnorPopcountMatMul: xnorPopcountMatmul,
  Xor: xor,
};

/** Domains under which exporters write QONNX operators. */
const QONNX = ["qonnx.custom_op.general", "onnx.brevitas", "finn.custom_op.general"];
const QONNX_OPERATORS = ["BipolarQuant", "IntQuant", "MultiThreshold", "Quant", "XnorPopcountMatMul"];

/** Name an operator in our tables; undefined when its domain is not known here. */
export function operatorName({ domain, op }: OnnxNode): string | undefined {
  const isQonnx = QONNX_OPERATORS.includes(op);
  return isQonnx === QONNX.includes(domain) && (isQonnx || domain === "") ? op : undefined;
}

export function findOperator(node: OnnxNode): Operator | undefined {
  const name = operatorName(node);
  return name !== undefined && Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
}
