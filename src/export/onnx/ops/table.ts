// How every op is spelled in ONNX, one line each.
import type { OpName } from "../../../graph/attributes.ts";
import type { Exporter } from "../draft.ts";
import { activation } from "./activation.ts";
import { affine } from "./affine.ts";
import { avgpool } from "./avgpool.ts";
import { binarize } from "./binarize.ts";
import { concat } from "./concat.ts";
import { conv2d } from "./conv2d.ts";
import { dense } from "./dense.ts";
import { elementwise } from "./elementwise.ts";
import { globalpool } from "./globalpool.ts";
import { lrn } from "./lrn.ts";
import { maxpool } from "./maxpool.ts";
import { pad } from "./pad.ts";
import { prelu } from "./prelu.ts";
import { reshape } from "./reshape.ts";
import { slice } from "./slice.ts";
import { softmax } from "./softmax.ts";
import { transpose } from "./transpose.ts";
import { unpack } from "./unpack.ts";
import { xnorscale } from "./xnorscale.ts";

export const EXPORTERS: { readonly [K in OpName]: Exporter<K> } = {
  activation,
  affine,
  avgpool,
  binarize,
  concat,
  conv2d,
  dense,
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
