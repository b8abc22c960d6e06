// The writing half of every op, one line each; convert side only.
import type { OpName } from "../graph/attributes.ts";
import { encode as activation } from "./activation.ts";
import { encode as affine } from "./affine.ts";
import { encode as avgpool } from "./avgpool.ts";
import { encode as binarize } from "./binarize.ts";
import { encode as concat } from "./concat.ts";
import { encode as conv2d } from "./conv2d.ts";
import { encode as dense } from "./dense.ts";
import { encode as elementwise } from "./elementwise.ts";
import { encode as globalpool } from "./globalpool.ts";
import { encode as lrn } from "./lrn.ts";
import { encode as maxpool } from "./maxpool.ts";
import type { Encode } from "./op.ts";
import { encode as pad } from "./pad.ts";
import { encode as prelu } from "./prelu.ts";
import { encode as reshape } from "./reshape.ts";
import { encode as slice } from "./slice.ts";
import { encode as softmax } from "./softmax.ts";
import { encode as transpose } from "./transpose.ts";
import { encode as unpack } from "./unpack.ts";
import { encode as xnorscale } from "./xnorscale.ts";

export const ENCODERS: { readonly [K in OpName]: Encode<K> } = {
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
