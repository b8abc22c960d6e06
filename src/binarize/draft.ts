// A graph being rewritten: the passes' scratch copy. Nodes and values are shallow copies, constants are shared and
// never written to. Knows who makes and who reads a value; knows nothing about any op.

import type { ElementType, Graph, Node, Numbers, Shape, Value } from "../graph/graph.ts";

export class Draft {
  readonly values: Value<Numbers>[];
  nodes: Node<Numbers>[];
  readonly inputs: number[];
  readonly outputs: number[];
  readonly #graph: Graph<Numbers>;

  constructor(graph: Graph<Numbers>) {
    this.#graph = graph;
    this.values = graph.values.map((value) => ({ ...value }));
    this.nodes = graph.nodes.map((node) => ({ ...node, inputs: [...node.inputs], outputs: [...node.outputs] }));
    this.inputs = [...graph.inputs];
    this.outputs = [...graph.outputs];
  }

  value(index: number): Value<Numbers> {
    const value = this.values[index];
    if (value === undefined) throw new RangeError(`the graph has ${this.values.length} values, so no value ${index}`);
    return value;
  }

  /** First input of a node, as an index. */
  inputOf(node: Node<Numbers>): number {
    return node.inputs[0] ?? -1;
  }

  /** First output of a node, as an index. */
  outputOf(node: Node<Numbers>): number {
    return node.outputs[0] ?? -1;
  }

  shapeOf(index: number): Shape {
    return this.value(index).shape;
  }

  producerOf(value: number): Node<Numbers> | undefined {
    return this.nodes.find((node) => node.outputs.includes(value));
  }

  /** Every node that reads the value, once per reading input. */
  consumersOf(value: number): Node<Numbers>[] {
    return this.nodes.flatMap((node) => node.inputs.filter((input) => input === value).map(() => node));
  }

  isOutput(value: number): boolean {
    return this.outputs.includes(value);
  }

  /** True when exactly one node reads the value and nobody outside the graph does. */
  isPrivate(value: number): boolean {
    return !this.isOutput(value) && this.consumersOf(value).length === 1;
  }

  /** Add a value; a number is appended to its name while another value has it. */
  addValue(name: string, type: ElementType, shape: Shape): number {
    this.values.push({ name: unused(name, this.values), type, shape });
    return this.values.length - 1;
  }

  swapNames(a: number, b: number): void {
    [this.value(a).name, this.value(b).name] = [this.value(b).name, this.value(a).name];
  }

  /** Add a node; a number is appended to its name while another node has it. `finish` puts it in its place. */
  addNode(node: Node<Numbers>): void {
    this.nodes.push({ ...node, name: unused(node.name, this.nodes) });
  }

  remove(node: Node<Numbers>): void {
    this.nodes = this.nodes.filter((other) => other !== node);
  }

  /** Make every reader of `from` read `to`; graph outputs stay. */
  redirect(from: number, to: number): void {
    for (const node of this.nodes) node.inputs = node.inputs.map((input) => (input === from ? to : input));
  }

  /**
   * Take a node out of its chain, so that its readers read its first input. A graph output keeps its name: then the
   * node before writes it. Returns false when even that is impossible.
   */
  bypass(node: Node<Numbers>): boolean {
    const from = this.inputOf(node);
    const to = this.outputOf(node);
    if (!this.isOutput(to)) {
      this.remove(node);
      this.redirect(to, from);
      return true;
    }
    const producer = this.producerOf(from);
    if (producer === undefined || this.isOutput(from)) return false;
    this.remove(node);
    producer.outputs = producer.outputs.map((output) => (output === from ? to : output));
    this.value(to).type = this.value(from).type;
    this.redirect(from, to);
    return true;
  }

  /** Return the graph without dead nodes and values, in execution order. */
  finish(): Graph<Numbers> {
    const makers = new Map(this.nodes.flatMap((node) => node.outputs.map((output) => [output, node] as const)));
    const nodes: Node<Numbers>[] = [];
    const state = new Map<Node<Numbers>, "open" | "done">();
    const visit = (value: number): void => {
      const node = makers.get(value);
      if (node === undefined || state.get(node) === "done") return;
      if (state.get(node) === "open") throw new Error(`in node "${node.name}": the graph has a cycle; please report the model`);
      state.set(node, "open");
      for (const input of node.inputs) visit(input);
      state.set(node, "done");
      nodes.push(node);
    };
    for (const output of this.outputs) visit(output);

    const used = new Set([...this.inputs, ...this.outputs, ...nodes.flatMap((node) => [...node.inputs, ...node.outputs])]);
    const kept = this.values.map((_, index) => index).filter((index) => used.has(index));
    const place = new Map(kept.map((index, position) => [index, position]));
    const move = (indices: number[]) => indices.map((index) => place.get(index) ?? -1);
    return {
      ...this.#graph,
      values: kept.map((index) => this.value(index)),
      nodes: nodes.map((node) => ({ ...node, inputs: move(node.inputs), outputs: move(node.outputs) })),
      inputs: move(this.inputs),
      outputs: move(this.outputs),
    };
  }
}

function unused(name: string, taken: readonly { name: string }[]): string {
  const names = new Set(taken.map((other) => other.name));
  let candidate = name;
  for (let count = 2; names.has(candidate); count++) candidate = `${name}_${count}`;
  return candidate;
}
