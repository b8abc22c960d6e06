// What a pass is, and what passes tell the report.
import type { Node, Numbers } from "../graph/graph.ts";
import type { Draft } from "./draft.ts";

/** Reasons, found by the passes, for what became of one conv2d or dense layer. */
export interface Reasons {
  /** What convert did to the weights, when asked to binarize them. */
  binarized?: string;
  /** The layer that this one and others make up: see sum-of-layers.ts. */
  partOf?: string;
  /** Why the weights are, or are not, stored as bits. */
  weights?: string;
  /** Why the input is, or is not, binary. */
  input?: string;
  /** What follows it and is done by the layer itself. */
  fused?: string;
  /** Why the output is bits. */
  output?: string;
}

export interface PassContext {
  /** Two weights are the same level when they differ by less than this times the filter's largest magnitude. */
  tolerance: number;
  /** By layer name. */
  reasons: Map<string, Reasons>;
}

/** Rewrites the draft in place; leaves a draft alone that it has nothing to say about. */
export type Pass = (draft: Draft, context: PassContext) => void;

/** Remember why; later passes may add to what earlier ones said. */
export function explain(context: PassContext, layer: string, reasons: Reasons): void {
  context.reasons.set(layer, { ...context.reasons.get(layer), ...reasons });
}

/** What a person calls the op of a node: activations by their kind. */
export function spellOp(node: Node<Numbers>): string {
  return node.op === "activation" ? node.attrs.kind : node.op;
}

/** Spell a node as relu "layer1.act". */
export function spellNode(node: Node<Numbers>): string {
  return `${spellOp(node)} "${node.name}"`;
}
