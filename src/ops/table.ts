// Every op of the run side, one line each.
import type { OpName } from "../graph/attributes.ts";
import * as activation from "./activation.ts";
import * as affine from "./affine.ts";
import * as avgpool from "./avgpool.ts";
import * as binarize from "./binarize.ts";
import * as concat from "./concat.ts";
import * as conv2d from "./conv2d.ts";
import * as dense from "./dense.ts";
import * as elementwise from "./elementwise.ts";
import * as globalpool from "./globalpool.ts";
import * as lrn from "./lrn.ts";
import * as maxpool from "./maxpool.ts";
import type { Op } from "./op.ts";
import * as pad from "./pad.ts";
import * as prelu from "./prelu.ts";
import * as reshape from "./reshape.ts";
import * as slice from "./slice.ts";
import * as softmax from "./softmax.ts";
import * as transpose from "./transpose.ts";
import * as unpack from "./unpack.ts";
import * as xnorscale from "./xnorscale.ts";

export const OPS: { readonly [K in OpName]: Op<K> } = {
  activation,
  conv2d,
  dense,
  affine,
  avgpool,
  binarize,
  concat,
  elementwise,
  globalpool,
  lrn,
  maxpool,
  pad,
  prelu,
  reshape,
  slice,
  softmax,
  transpose,
  unpack,
  xnorscale,
};

/** Find an op by name. TypeScript cannot see that a node's op and its attributes come from the same row. */
export function findOp(name: OpName): Op<OpName> {
  return OPS[name] as Op<OpName>;
}
