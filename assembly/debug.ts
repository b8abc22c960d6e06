// The debug build: what the host's tests compare with their own view of the kernel boundary.
import { ABI_VERSION, OVERREAD_BYTES } from "./abi";
import { field } from "./describe";
import { describeActivation } from "./ops/activation/params";
import { describeConv2d } from "./ops/conv2d/params";
import { describeDense } from "./ops/dense/params";
import { describeAffine } from "./ops/affine/params";
import { describeAvgpool } from "./ops/avgpool/params";
import { describeBinarize } from "./ops/binarize/params";
import { describeConcat } from "./ops/concat/params";
import { describeElementwise } from "./ops/elementwise/params";
import { describeGlobalpool } from "./ops/globalpool/params";
import { describeLrn } from "./ops/lrn/params";
import { describeMaxpool } from "./ops/maxpool/params";
import { describePad } from "./ops/pad/params";
import { describePrelu } from "./ops/prelu/params";
import { describeReshape } from "./ops/reshape/params";
import { describeSlice } from "./ops/slice/params";
import { describeSoftmax } from "./ops/softmax/params";
import { describeTranspose } from "./ops/transpose/params";
import { describeUnpack } from "./ops/unpack/params";
import { describeXnorscale } from "./ops/xnorscale/params";

/** Parameter block of an op as "name:offset;name:offset;", empty for an unknown op. */
export function describe(op: string): string {
  if (op == "activation") return describeActivation();
  if (op == "conv2d") return describeConv2d();
  if (op == "dense") return describeDense();
  if (op == "affine") return describeAffine();
  if (op == "avgpool") return describeAvgpool();
  if (op == "binarize") return describeBinarize();
  if (op == "concat") return describeConcat();
  if (op == "elementwise") return describeElementwise();
  if (op == "globalpool") return describeGlobalpool();
  if (op == "lrn") return describeLrn();
  if (op == "maxpool") return describeMaxpool();
  if (op == "pad") return describePad();
  if (op == "prelu") return describePrelu();
  if (op == "reshape") return describeReshape();
  if (op == "slice") return describeSlice();
  if (op == "softmax") return describeSoftmax();
  if (op == "transpose") return describeTranspose();
  if (op == "unpack") return describeUnpack();
  if (op == "xnorscale") return describeXnorscale();
  return "";
}

/** Constants of the boundary, in the same form. */
export function constants(): string {
  return field("ABI_VERSION", ABI_VERSION) + field("OVERREAD_BYTES", OVERREAD_BYTES);
}
