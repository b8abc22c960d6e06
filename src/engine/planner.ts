// Turns a graph and a batch size into a plan: infer every type, let each op draft its kernel call, decide which
// values share memory, lay out the arena. Reads constants only through `read`; runs nothing.

import type { OpName } from "../graph/attributes.ts";
import { PlanError } from "../graph/errors.ts";
import type { Graph, NodeOf, Span } from "../graph/graph.ts";
import type { PrepareContext, StepDraft, Type } from "../ops/op.ts";
import { findOp } from "../ops/table.ts";
import { type Lifetime, OVERREAD_BYTES, placeBuffers, roundUp } from "./arena.ts";
import { countBytes, type Plan, type PlannedValue, type Step } from "./plan.ts";

export interface PlanOptions extends Pick<PrepareContext, "kernels" | "simd" | "read"> {
  /** Limit for all of linear memory, bytes. */
  maxMemory: number;
}

/** Plan one batch size. Throws PlanError naming the node that does not fit. */
export function planGraph(graph: Graph, batch: number, options: PlanOptions): Plan {
  const types = inferTypes(graph, batch);
  const drafts = graph.nodes.map((node) =>
    findOp(node.op).prepare(node as NodeOf<OpName>, {
      ...options,
      inputs: node.inputs.map((index) => types[index] as Type),
      outputs: node.outputs.map((index) => types[index] as Type),
    }),
  );

  const { buffers, bufferOf } = shareBuffers(graph, types, drafts);
  const needed = buffers.reduce((sum, buffer) => Math.max(sum, buffer.bytes), 0);
  if (needed > options.maxMemory) {
    throw new PlanError("too-large", `one value alone needs ${needed} bytes but maxMemory is ${options.maxMemory}; use a smaller batch or raise it`);
  }
  const arena = placeBuffers(buffers);

  const values = graph.values.map((value, index): PlannedValue => {
    const type = types[index] as Type;
    const buffer = bufferOf[index] as number | Span;
    const place = typeof buffer === "number" ? { arena: arena.offsets[buffer] as number } : { span: buffer };
    return { name: value.name, ...type, place, bytes: countBytes(type) };
  });
  const steps = graph.nodes.flatMap((node, index): Step[] => {
    const draft = drafts[index] as StepDraft;
    return draft.kernel === "alias" ? [] : [{ node: node.name, op: node.op, inputs: node.inputs, outputs: node.outputs, ...draft }];
  });
  return {
    batch,
    values,
    steps,
    arenaBytes: arena.bytes,
    scratchBytes: steps.reduce((most, step) => Math.max(most, roundUp(step.scratchBytes ?? 0)), 0),
    tableBytes: steps.reduce((sum, step) => sum + countTableBytes(step), 0),
    macs: steps.reduce((sum, step) => sum + step.macs, 0),
  };
}

/** Infer the type of every value for one batch size; checks the types that the file states. */
export function inferTypes(graph: Graph<unknown>, batch: number): Type[] {
  const types: (Type | undefined)[] = graph.values.map(({ type, shape, constant }, index) =>
    constant !== undefined || graph.inputs.includes(index) ? { type, shape: shape.map((dim) => (dim < 0 ? batch : dim)) } : undefined,
  );
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((index) => types[index]);
    if (inputs.includes(undefined)) throw new PlanError("invalid", "an input is not computed before it is used", node.name);
    const outputs = findOp(node.op).infer(node as NodeOf<OpName, unknown>, inputs as Type[]);
    node.outputs.forEach((index, position) => {
      types[index] = outputs[position];
    });
  }
  return types as Type[];
}

interface Sharing {
  buffers: Lifetime[];
  /** Per value: a buffer's index, or the stored constant. */
  bufferOf: (number | Span)[];
}

/** Give every value a buffer; aliases and in-place results take over their input's. */
function shareBuffers(graph: Graph, types: readonly Type[], drafts: readonly StepDraft[]): Sharing {
  const end = graph.nodes.length;
  const lastUse = new Array<number>(graph.values.length).fill(-1);
  graph.nodes.forEach((node, step) => {
    for (const index of node.inputs) lastUse[index] = step;
  });
  for (const index of graph.outputs) lastUse[index] = end;

  const buffers: Lifetime[] = [];
  const bufferOf: (number | Span)[] = graph.values.map(({ constant }) => constant ?? -1);
  const open = (index: number, step: number) => {
    bufferOf[index] = buffers.push({ bytes: countBytes(types[index] as Type), first: step, last: Math.max(step, lastUse[index] as number) }) - 1;
  };
  // Inputs are written before the first step.
  for (const index of graph.inputs) if (bufferOf[index] === -1) open(index, -1);

  graph.nodes.forEach((node, step) => {
    const draft = drafts[step] as StepDraft;
    const source = node.inputs[0] === undefined ? -1 : (bufferOf[node.inputs[0]] as number | Span);
    for (const [position, index] of node.outputs.entries()) {
      const buffer = typeof source === "number" ? buffers[source] : undefined;
      const isAlias = draft.kernel === "alias";
      const isFree = buffer !== undefined && buffer.last <= step && buffer.bytes >= countBytes(types[index] as Type);
      if (position === 0 && (isAlias || (draft.canWriteInPlace === true && isFree))) {
        bufferOf[index] = source;
        if (buffer !== undefined) buffer.last = Math.max(buffer.last, lastUse[index] as number, step);
      } else {
        open(index, step);
      }
    }
  });
  return { buffers, bufferOf };
}

function countTableBytes(step: Step): number {
  const block = roundUp(4 * Object.keys(findOp(step.op).block).length);
  return (step.tables ?? []).reduce((sum, table) => sum + roundUp(table.byteLength) + OVERREAD_BYTES, block);
}
