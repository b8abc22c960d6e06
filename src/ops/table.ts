// Every op of the run side, one line each.
import type { OpName } from "../graph/attributes.ts";
import { type PlanCode, PlanError } from "../graph/errors.ts";
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

/** Makes the error of a node. */
type Refuse = (code: PlanCode, sentence: string, node: string) => Error;

/** Infer the type of a node's output; throws what `refuse` makes, which names the node. */
export function inferNode({ name, op, attrs }: Node<unknown>, inputs: readonly Type[], refuse: Refuse = (...about) => new PlanError(...about)): Type {
  try {
    return findOp(op).infer(attrs, inputs);
  } catch (error) {
    throw error instanceof PlanError ? refuse(error.code, `(${op}) ${error.message}`, name) : error;
  }
}
