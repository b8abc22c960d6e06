import { toAxis } from "../axes.ts";
import { Composer } from "../compose.ts";
import type { Context } from "../context.ts";
import { linearAlong, picking } from "../linear.ts";
import type { OnnxNode } from "../node.ts";
import { addSlice } from "../sliced.ts";

/** Gather with constant indices: a slice where they are a run, else a map that picks. */
export function gather(node: OnnxNode, context: Context): number {
  const input = context.value(node, 0);
  const indices = context.requireConstant(node, 1, "indices");
  const shape = context.shape(input);
  const axis = toAxis(node, node.int("axis", 0), shape.length);
  const length = shape[axis] as number;
  if (length === -1) throw node.unsupported("picks images of the batch", "keep the batch as the first dimension, untouched");
  const places = Array.from(indices.data, (index) => (index < 0 ? index + length : index));
  const wrong = places.findIndex((place) => !(Number.isInteger(place) && place >= 0 && place < length));
  if (wrong >= 0 || places.length === 0) throw node.invalid(`picks ${places.length === 0 ? "nothing" : indices.data[wrong]} of ${length} elements`);
  const [first = 0] = places;
  const isRun = places.every((place, i) => place === first + i);
  const picked = isRun
    ? addSlice(node, context, input, [{ axis, start: first, end: first + places.length, step: 1 }])
    : linearAlong(node, context, input, axis, picking(places, length));
  return new Composer(node, context).reshape(picked, [...shape.slice(0, axis), ...indices.shape, ...shape.slice(axis + 1)]);
}
