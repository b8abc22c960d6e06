// Element-wise activations that our graph has under a kind and two numbers.
import type { ActivationKind } from "../../graph/attributes.ts";
import type { Context } from "./context.ts";
import type { OnnxNode } from "./node.ts";

/** Add an activation node on the node's first input. */
export function activate(node: OnnxNode, context: Context, kind: ActivationKind, alpha = 0, beta = 0): number {
  return context.draft.add(node.name, "activation", { kind, alpha, beta }, [context.value(node, 0)]);
}
