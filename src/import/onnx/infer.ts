// Shapes of values whose batch is not known: the op is asked for two batch sizes, and what changes is the batch.

import type { OpName } from "../../graph/attributes.ts";
import { PlanError } from "../../graph/errors.ts";
import type { NodeOf, Numbers, Shape } from "../../graph/graph.ts";
import type { Type } from "../../ops/op.ts";
import { spell } from "../../ops/require.ts";
import { inferNode } from "../../ops/table.ts";

/** A shape with -1 in dimension 0 where that is `rows` times the batch. */
export interface BatchedShape {
  shape: Shape;
  rows: number;
}

/** Small, because ops refuse what is too large; two, because a constant may fit one of them by accident. */
const BATCHES = [2, 3] as const;

/** Infer the shape of a node's first output. */
export function inferShape<K extends OpName>(node: NodeOf<K, Numbers>, inputs: readonly BatchedShape[]): BatchedShape {
  if (inputs.every((input) => input.shape[0] !== -1)) return { shape: inferAt(node, inputs, 1), rows: 1 };
  const [one, other] = BATCHES.map((batch) => inferAt(node, inputs, batch)) as [Shape, Shape];
  const changing = one.flatMap((dim, axis) => (dim === other[axis] ? [] : [axis]));
  if (changing.length === 0) return { shape: one, rows: 1 };
  const rows = (one[0] as number) / BATCHES[0];
  if (changing.length > 1 || changing[0] !== 0 || !Number.isInteger(rows)) {
    throw new PlanError(
      "unsupported",
      `its result would be ${spell(one)} for a batch of ${BATCHES[0]}; the batch has to stay the first dimension`,
      node.name,
    );
  }
  return { shape: [-1, ...one.slice(1)], rows };
}

function inferAt<K extends OpName>(node: NodeOf<K, Numbers>, inputs: readonly BatchedShape[], batch: number): Shape {
  const types = inputs.map(({ shape, rows }): Type => ({ type: "f32", shape: shape.map((dim) => (dim === -1 ? rows * batch : dim)) }));
  return inferNode(node as never, types).shape;
}
