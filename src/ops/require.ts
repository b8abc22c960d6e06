// What ops demand of their inputs, with the sentence a user sees when it is not so.
import { PlanError } from "../graph/errors.ts";
import type { Node } from "../graph/graph.ts";
import type { Type } from "./op.ts";

/** Spell a shape as [1,64,28,28]. */
export function spell(shape: readonly number[]): string {
  return `[${shape.join(",")}]`;
}

/** Return input `index`; throws when the node has fewer inputs. */
export function requireInput(node: Node<unknown>, inputs: readonly Type[], index: number): Type {
  const type = inputs[index];
  if (type === undefined) {
    throw new PlanError("invalid", `${node.op} needs at least ${index + 1} input(s) but has ${inputs.length}; convert the model again`, node.name);
  }
  return type;
}

/** Return input `index` if it is f32. */
export function requireFloat(node: Node<unknown>, inputs: readonly Type[], index: number): Type {
  const type = requireInput(node, inputs, index);
  if (type.type !== "f32") {
    throw new PlanError("type", `${node.op} works on real numbers but its input ${index} is bits; put an unpack node before it`, node.name);
  }
  return type;
}

/** Return input `index` if it has `rank` dimensions. */
export function requireRank(node: Node<unknown>, inputs: readonly Type[], index: number, rank: number): Type {
  const type = requireInput(node, inputs, index);
  if (type.shape.length !== rank) {
    throw new PlanError("shape", `${node.op} needs an input with ${rank} dimensions but input ${index} is ${spell(type.shape)}`, node.name);
  }
  return type;
}
