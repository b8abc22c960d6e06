import { toAxis } from "../axes.ts";
import { Composer } from "../compose.ts";
import type { Context } from "../context.ts";
import { linearAlong, picking } from "../linear.ts";
import type { OnnxNode } from "../node.ts";
import { countOf, stridesOf } from "../tensor.ts";

/** GatherElements with constant indices: a map that picks from all elements. */
export function gatherElements(node: OnnxNode, context: Context): number {
  const input = context.value(node, 0);
  const indices = context.requireConstant(node, 1, "indices");
  const shape = context.shape(input);
  const axis = toAxis(node, node.int("axis", 0), shape.length);
  if (shape.includes(-1)) throw node.unsupported("picks from an open batch", "export with a fixed batch");
  if (indices.shape.length !== shape.length) throw node.invalid(`has indices [${indices.shape}] for a value of shape [${shape}]`);
  const [strides, from, length] = [stridesOf(indices.shape), stridesOf(shape), shape[axis] as number];
  const places = Array.from(indices.data, (index, i) => {
    const place = index < 0 ? index + length : index;
    const at = shape.map((_, each) => (each === axis ? place : Math.floor(i / (strides[each] as number)) % (indices.shape[each] as number)));
    if (at.some((index, each) => !(index >= 0 && index < (shape[each] as number)))) throw node.invalid(`picks [${at}] of [${shape}]`);
    return at.reduce((sum, index, each) => sum + index * (from[each] as number), 0);
  });
  const composer = new Composer(node, context);
  const flat = composer.reshape(input, [countOf(shape)]);
  return composer.reshape(linearAlong(node, context, flat, 0, picking(places, countOf(shape))), indices.shape);
}
