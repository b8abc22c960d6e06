// Turns a graph and a batch size into a plan: infer every type, let each op draft its kernel call, decide which
// values share memory, lay out the arena. Reads no constants; runs nothing.

import { PlanError } from "../graph/errors.ts";
import { atBatch, countBytes, type Graph, type NodeOf, type Numbers, type Span } from "../graph/graph.ts";
import type { PrepareContext, Type } from "../ops/op.ts";
import { findOp, inferNode } from "../ops/table.ts";
import { type Lifetime, OVERREAD_BYTES, placeBuffers, roundUp } from "./arena.ts";
import type { Plan, PlannedValue, Step } from "./plan.ts";

/** Kernels reckon with 31 bits, also where int8 take the place of f32, and count single bits in 32. */
const MAX_ELEM_BYTES = 2 ** 29 - 1;

/** One word for all layers, or kernels by node. */
export type KernelChoice = string | Readonly<Record<string, string>>;

export interface PlanOptions extends Pick<PrepareContext, "simd"> {
  kernels: KernelChoice;
  /** Limit for all of linear memory, bytes. */
  maxMemory: number;
  /** How many threads need scratch of their own. Default 1. */
  threads?: number;
}

/** Plan one batch size. Throws PlanError naming the node or value that does not fit. */
export function planGraph(graph: Graph, batch: number, { maxMemory, kernels, threads = 1, ...options }: PlanOptions): Plan {
  const types = inferTypes(graph, batch);
  const sizes = types.map((type, index) => {
    const bytes = countBytes(type);
    const most = Math.min(maxMemory, type.type === "f32" ? 4 * MAX_ELEM_BYTES : MAX_ELEM_BYTES);
    if (bytes > most) {
      const found = `value "${graph.values[index]?.name}" needs ${bytes} bytes`;
      throw new PlanError("too-large", `${found} but ${most} is the most; use a smaller batch or raise maxMemory`);
    }
    return bytes;
  });
  const binarizers = findBinarizers(graph);
  const steps = graph.nodes.map(({ name, op, attrs, inputs, outputs }): Step => {
    const [asked, family] = typeof kernels === "string" ? [undefined, kernels] : [kernels[name], "auto"];
    const context = {
      ...options,
      threads,
      kernels: asked ?? family,
      inputs: inputs.map((index) => types[index]) as [Type],
      output: types[outputs[0] as number] as Type,
      signs: binarizers.get(inputs[0] as number)?.attrs,
    };
    const draft = findOp(op).prepare(attrs, context);
    if (asked && draft.kernel !== asked) {
      const candidates = draft.candidates ?? [draft.kernel];
      throw new PlanError("invalid", `${asked} cannot run it; one of these can: ${candidates.join(", ")}`, name);
    }
    return { node: name, op, inputs, outputs, macs: 0, ...draft };
  });

  // The bits of a binarize whose work another step does are never made: their place is that of the reals.
  for (const { takesSigns, inputs } of steps) {
    const binarizer = takesSigns && steps[binarizers.get(inputs[0] as number)?.index as number];
    if (binarizer) binarizer.kernel = "alias";
  }
  const { buffers, bufferOf } = shareBuffers(graph, sizes, steps);
  const arena = placeBuffers(buffers);
  const values = graph.values.map(({ name }, index): PlannedValue => {
    const buffer = bufferOf[index] as number | Span;
    const place = typeof buffer === "number" ? { arena: arena.offsets[buffer] as number } : { span: buffer };
    return { name, ...(types[index] as Type), place, bytes: sizes[index] as number };
  });
  const calls = steps.filter(({ kernel }) => kernel !== "alias");
  return {
    batch,
    values,
    steps: calls,
    arenaBytes: arena.bytes,
    scratchBytes: calls.reduce((most, step) => Math.max(most, roundUp((step.scratchBytes ?? 0) + threads * (step.threadBytes ?? 0))), 0),
    tableBytes: calls.reduce((sum, step) => sum + countTableBytes(step), 0),
    macs: calls.reduce((sum, step) => sum + step.macs, 0),
  };
}

/** Infer the type of every value for one batch size. */
export function inferTypes(graph: Graph<unknown>, batch: number): Type[] {
  const types = graph.values.map(({ type, shape }): Type => ({ type, shape: atBatch(shape, batch) }));
  for (const node of graph.nodes) {
    types[node.outputs[0] as number] = inferNode(
      node,
      node.inputs.map((index) => types[index] as Type),
    );
  }
  return types;
}

interface Binarizer {
  /** Of the node. */
  index: number;
  attrs: NodeOf<"binarize">["attrs"];
}

/** Find the binarize nodes whose bits one node reads, and nobody else: by value. */
function findBinarizers({ values, nodes, outputs }: Graph): Map<number, Binarizer> {
  const reads = new Uint32Array(values.length);
  for (const value of [...outputs, ...nodes.flatMap(({ inputs }) => inputs)]) reads[value] = (reads[value] ?? 0) + 1;
  const found = new Map<number, Binarizer>();
  nodes.forEach(({ op, attrs, outputs: [value = -1] }, index) => {
    if (op === "binarize" && reads[value] === 1) found.set(value, { index, attrs });
  });
  return found;
}

interface Sharing {
  buffers: Lifetime[];
  /** Per value: a buffer's index, or the stored constant. */
  bufferOf: (number | Span)[];
}

/** Give every value a buffer; aliases and in-place results take over their input's. */
function shareBuffers(graph: Graph, sizes: readonly number[], steps: readonly Step[]): Sharing {
  const end = steps.length;
  const lastUse = new Array<number>(graph.values.length).fill(-1);
  steps.forEach(({ inputs }, step) => {
    for (const index of inputs) lastUse[index] = step;
  });
  for (const index of graph.outputs) lastUse[index] = end;

  const buffers: Lifetime[] = [];
  const bufferOf: (number | Span)[] = graph.values.map(({ constant }) => constant ?? -1);
  const open = (index: number, step: number) => {
    bufferOf[index] = buffers.push({ bytes: sizes[index] as number, first: step, last: Math.max(step, lastUse[index] as number) }) - 1;
  };
  // Inputs are written before the first step.
  for (const index of graph.inputs) open(index, -1);

  steps.forEach(({ kernel, canWriteInPlace, inputs, outputs }, step) => {
    const [index] = outputs as [number];
    const source = bufferOf[inputs[0] as number] as number | Span;
    const buffer = typeof source === "number" ? buffers[source] : undefined;
    const isFree = buffer !== undefined && buffer.last <= step && buffer.bytes >= (sizes[index] as number);
    if (kernel === "alias" || (canWriteInPlace && isFree)) {
      bufferOf[index] = source;
      if (buffer) buffer.last = Math.max(buffer.last, lastUse[index] as number, step);
    } else {
      open(index, step);
    }
  });
  return { buffers, bufferOf };
}

function countTableBytes({ params, tables = [] }: Step): number {
  const block = roundUp(4 * Object.keys(params).length);
  return tables.reduce<number>((sum, table) => sum + roundUp(countTable(table)) + OVERREAD_BYTES, block);
}

/** Count the bytes of a table. */
export function countTable(table: Numbers | number): number {
  return typeof table === "number" ? table : table.byteLength;
}
