// The writing half of every op, one line each; convert side only.
import type { OpName } from "../graph/attributes.ts";
import { encode as activation } from "./activation.ts";
import type { Encode } from "./op.ts";

export const ENCODERS: { readonly [K in OpName]: Encode<K> } = {
  activation,
};
