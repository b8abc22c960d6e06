// Every op of the run side, one line each.
import type { OpName } from "../graph/attributes.ts";
import { PlanError } from "../graph/errors.ts";
import type { Node } from "../graph/graph.ts";
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
import type { Op, Type } from "./op.ts";
import { pad } from "./pad.ts";
import { prelu } from "./prelu.ts";
import { reshape } from "./reshape.ts";
import { slice } from "./slice.ts";
import { softmax } from "./softmax.ts";
import { transpose } from "./transpose.ts";
import { unpack } from "./unpack.ts";
import { xnorscale } from "./xnorscale.ts";

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

/** Infer the type of a node's output; throws PlanError naming the node. */
export function inferNode({ name, op, attrs }: Node<unknown>, inputs: readonly Type[]): Type {
  try {
    return findOp(op).infer(attrs, inputs);
  } catch (error) {
    throw error instanceof PlanError ? new PlanError(error.code, `(${op}) ${error.message}`, name) : error;
  }
}
