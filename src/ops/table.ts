// Every op of the run side, one line each. `type` is its place in the union of schema/hybit.fbs.
import { Op as OpType } from "../format/generated/hybit.ts";
import type { OpName } from "../graph/attributes.ts";
import * as activation from "./activation.ts";
import type { Op } from "./op.ts";

export const OPS: { readonly [K in OpName]: Op<K> & { readonly type: OpType } } = {
  activation: { type: OpType.Activation, ...activation },
};
