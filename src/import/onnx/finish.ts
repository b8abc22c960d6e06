// The finished graph: outputs bound to their names, what nothing needs left out, names made unique.
import { LoadError, PlanError } from "../../graph/errors.ts";
import type { Graph, Node, Numbers, Value } from "../../graph/graph.ts";
import { Composer } from "./compose.ts";
import type { Context, Note } from "./context.ts";
import type { Draft } from "./draft.ts";
import { refusedBy } from "./failures.ts";
import type { Operand } from "./operand.ts";
import type { ModelProto } from "./wire/model.ts";

export function finish(model: ModelProto, context: Context, inputs: readonly number[]): { graph: Graph<Numbers>; notes: Note[] } {
  const { draft } = context;
  const outputs = bindModelOutputs(model, context, inputs);
  const { nodes, live } = keepLive(draft, inputs, outputs);
  const kept = [...draft.values.keys()].filter((index) => live.has(index));
  const place = new Map(kept.map((index, i) => [index, i]));
  const move = (index: number) => place.get(index) as number;
  const names = nameValues(draft, kept, [...inputs, ...outputs]);
  const nameNode = uniqueNames();
  const noted = new Set(nodes.map((node) => node.name));
  const graph: Graph<Numbers> = {
    name: model.graph.name,
    values: kept.map((index) => ({ ...(draft.values[index] as Value<Numbers>), name: names.get(index) as string })),
    nodes: nodes.map((node): Node<Numbers> => {
      return { ...node, name: nameNode(node.name), inputs: node.inputs.map(move), outputs: node.outputs.map(move) };
    }),
    inputs: inputs.map(move),
    outputs: outputs.map(move),
    metadata: { labels: [], producer: model.producer || undefined, entries: { ...model.metadata } },
  };
  return { graph, notes: context.notes.filter((note) => note.node === "" || noted.has(note.node)) };
}

/** Find the value of every model output; one that is an input, a constant or another output is copied. */
function bindModelOutputs(model: ModelProto, context: Context, inputs: readonly number[]): number[] {
  const { draft } = context;
  const bound = new Set<number>();
  const taken = new Set(inputs);
  for (const { name } of model.graph.outputs) {
    const operand = context.operands.get(name);
    if (operand === undefined) throw new LoadError("invalid", `output "${name}" is made by no node; export the model again`);
    if (operand.kind === "condition") context.note("", `output "${name}" is true or false; it is given as 1 and 0`);
    let index = operand.kind === "constant" ? context.store("", operand.tensor) : numbersOf(operand, name, context);
    if (operand.kind === "constant" || taken.has(index)) {
      index = copyOf(draft, name, index);
    }
    draft.values[index] = { ...(draft.values[index] as Value<Numbers>), name };
    bound.add(index);
    taken.add(index);
  }
  if (bound.size === 0) throw new LoadError("invalid", "the graph has no outputs; export the model again");
  return [...bound];
}

/** The value of an output that is computed; true and false become 1 and 0. */
function numbersOf(operand: Exclude<Operand, { kind: "constant" }>, name: string, context: Context): number {
  if (operand.kind === "value") return operand.index;
  if (operand.kind === "condition") return new Composer({ name }, context).truth(operand.condition);
  throw new LoadError("unsupported", `output "${name}" is an optional result that is not supported; remove it from the model's outputs`);
}

/** A reshape to the same shape: the one op that changes nothing. */
function copyOf(draft: Draft, name: string, index: number): number {
  try {
    return draft.add(name, "reshape", { shape: [...draft.shape(index)] }, [index]);
  } catch (error) {
    throw error instanceof PlanError ? refusedBy(error, `output "${name}"`) : error;
  }
}

/** The nodes that outputs depend on, in order, and the values they touch. */
function keepLive(draft: Draft, inputs: readonly number[], outputs: readonly number[]): { nodes: Node<Numbers>[]; live: Set<number> } {
  const live = new Set([...inputs, ...outputs]);
  const nodes: Node<Numbers>[] = [];
  for (const node of [...draft.nodes].reverse()) {
    if (!node.outputs.some((output) => live.has(output))) continue;
    for (const input of node.inputs) live.add(input);
    nodes.push(node);
  }
  return { nodes: nodes.reverse(), live };
}

/** Name every value once; those of inputs and outputs are taken first, because callers know them. */
function nameValues(draft: Draft, kept: readonly number[], known: readonly number[]): Map<number, string> {
  const unique = uniqueNames();
  const named = new Map<number, string>();
  for (const index of [...known, ...kept]) {
    if (named.has(index)) continue;
    named.set(index, unique((draft.values[index] as Value<Numbers>).name || draft.producer(index)?.name || "constant"));
  }
  return named;
}

/** Returns a function that appends _2, _3, … to names it has given already. */
function uniqueNames(): (name: string) => string {
  const copies = new Map<string, number>();
  return (name) => {
    let candidate = name;
    let copy = copies.get(name) ?? 0;
    while (copies.has(candidate)) candidate = `${name}_${++copy + 1}`;
    copies.set(name, copy);
    copies.set(candidate, copies.get(candidate) ?? 0);
    return candidate;
  };
}
