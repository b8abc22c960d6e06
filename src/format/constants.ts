// Lists every stored constant of a graph: where it lies, and what numbers it holds, as its op says.
import { countElements, type Graph, type Span } from "../graph/graph.ts";
import type { Stored } from "../ops/op.ts";
import { findOp } from "../ops/table.ts";

export interface Constant extends Stored<Span> {
  data: Span;
  /** Name of the node it belongs to; absent for constant values. */
  node?: string;
}

export function listConstants({ values, nodes }: Graph): Constant[] {
  const ofValues = values.map(({ name, type, shape, constant: data }): Stored<Span> & { node?: string } => {
    const length = type === "bits" ? (shape[1] as number) : countElements(shape);
    return { name: `value "${name}"`, data, type, length, runs: countElements(shape) / length };
  });
  const ofNodes = nodes.flatMap(({ name: node, op, attrs, inputs }) => {
    const types = inputs.map((index) => values[index] as (typeof values)[number]);
    return (
      findOp(op)
        .stored?.(attrs, types)
        .map((stored) => ({ ...stored, node })) ?? []
    );
  });
  return [...ofValues, ...ofNodes].filter((constant): constant is Constant => constant.data !== undefined);
}
