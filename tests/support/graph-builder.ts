// Builds small graphs as an importer makes them: float values, batch 1, shapes found by the oracle itself. Graphs as they
// are run, with real types, are built in random-graph.ts.
import type { Attributes, Conv2dAttrs, OpName, Window } from "../../src/graph/attributes.ts";
import type { Graph, Node, Numbers } from "../../src/graph/graph.ts";
import { interpret } from "./interpret.ts";
import { Random } from "./random.ts";

export class FloatGraphBuilder {
  readonly #graph: Graph<Numbers> = {
    name: "test",
    values: [],
    nodes: [],
    inputs: [],
    outputs: [],
    metadata: { labels: [], entries: {} },
  };

  input(shape: readonly number[], name = "x"): number {
    const index = this.#graph.values.push({ name, type: "f32", shape }) - 1;
    this.#graph.inputs.push(index);
    return index;
  }

  constant(shape: readonly number[], data: Float32Array): number {
    return this.#graph.values.push({ name: `constant${this.#graph.values.length}`, type: "f32", shape, constant: data }) - 1;
  }

  /** Add a node and return the value it makes; both are named after the op and its place unless a name is given. */
  add<K extends OpName>(op: K, attrs: Attributes<Numbers>[K], inputs: number | number[], name = `${op}${this.#graph.nodes.length}`): number {
    const type = op === "binarize" ? "bits" : "f32";
    const output = this.#graph.values.push({ name: `${name}_out`, type, shape: [] }) - 1;
    const node = { name, op, attrs, inputs: [inputs].flat(), outputs: [output] };
    this.#graph.nodes.push(node as Node<Numbers>);
    return output;
  }

  /** Finish with these outputs; fills in the shapes. */
  finish(...outputs: number[]): Graph<Numbers> {
    const graph = { ...this.#graph, outputs };
    const inputs = graph.inputs.map((index) => graph.values[index]).flatMap((value) => (value ? [value] : []));
    const shapes = interpret(
      graph,
      Object.fromEntries(inputs.map(({ name, shape }) => [name, { shape, data: new Float64Array(shape.reduce((a, b) => a * b, 1)) }])),
    );
    graph.values = graph.values.map((value) => ({ ...value, shape: shapes.get(value.name)?.shape ?? value.shape }));
    return graph;
  }
}

/** A float convolution as an importer makes it; weights OHWI. */
export function floatConv(
  inChannels: number,
  outChannels: number,
  window: Window,
  data: Float32Array,
  bias?: Float32Array,
  groups = 1,
): Conv2dAttrs<Numbers> {
  return {
    inChannels,
    outChannels,
    groups,
    window,
    padValue: 0,
    inputKind: "float",
    inputScale: 1,
    inputZeroPoint: 0,
    weights: { kind: "float", data, ...(bias && { bias }) },
  };
}

/** A float dense layer as an importer makes it; weights OI. */
export function floatDense(inFeatures: number, outFeatures: number, data: Float32Array, bias?: Float32Array): Attributes<Numbers>["dense"] {
  return { inFeatures, outFeatures, inputKind: "float", inputScale: 1, inputZeroPoint: 0, weights: { kind: "float", data, ...(bias && { bias }) } };
}

/** Deterministic numbers in [-1, 1) from a seed. */
export function randomNumbers(seed: number): () => number {
  const random = new Random(seed);
  return () => random.float(-1, 1);
}
