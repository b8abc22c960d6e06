// Every op of the run side, one line each. `type` is its place in the union of schema/hybit.fbs.
import { Op as OpType } from "../format/generated/hybit.ts";
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

export const OPS: { readonly [K in OpName]: Op<K> & { readonly type: OpType } } = {
  activation: { type: OpType.Activation, ...activation },
  conv2d: { type: OpType.Conv2d, ...conv2d },
  dense: { type: OpType.Dense, ...dense },
  affine: { type: OpType.Affine, ...affine },
  avgpool: { type: OpType.Avgpool, ...avgpool },
  binarize: { type: OpType.Binarize, ...binarize },
  concat: { type: OpType.Concat, ...concat },
  elementwise: { type: OpType.Elementwise, ...elementwise },
  globalpool: { type: OpType.Globalpool, ...globalpool },
  lrn: { type: OpType.Lrn, ...lrn },
  maxpool: { type: OpType.Maxpool, ...maxpool },
  pad: { type: OpType.Pad, ...pad },
  prelu: { type: OpType.Prelu, ...prelu },
  reshape: { type: OpType.Reshape, ...reshape },
  slice: { type: OpType.Slice, ...slice },
  softmax: { type: OpType.Softmax, ...softmax },
  transpose: { type: OpType.Transpose, ...transpose },
  unpack: { type: OpType.Unpack, ...unpack },
  xnorscale: { type: OpType.Xnorscale, ...xnorscale },
};
