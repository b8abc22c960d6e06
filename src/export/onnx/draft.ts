// The ONNX graph while it grows. An operator's exporter sees its own node only: names of its inputs, and a place for
// the ONNX nodes and constants it is spelled with. The last of them makes the node's output.
import type { OpName } from "../../graph/attributes.ts";
import type { NodeOf, Numbers, Shape } from "../../graph/graph.ts";
import type { Attribute, Initializer, OnnxNode, TensorData } from "./model.ts";

/** Spells one op with ONNX operators; returns the name of what the last of them makes. */
export type Exporter<K extends OpName> = (attrs: NodeOf<K, Numbers>["attrs"], place: Place) => string;

/** Where the exporter of one node writes. Everything is floats here; bits are +1 and -1. */
export interface Place {
  /** Names of the node's inputs. */
  readonly inputs: readonly [string, ...string[]];
  /** Shape of input 0. */
  readonly shape: Shape;
  /** Add an ONNX node; returns the name of its output. */
  add(op: string, inputs: readonly string[], attributes?: Record<string, Attribute>): string;
  /** Add a constant, named after what it is to the node; returns its name. */
  constant(what: string, dims: readonly number[], data: TensorData): string;
}

export class OnnxDraft {
  readonly nodes: OnnxNode[] = [];
  readonly initializers: Initializer[] = [];
  readonly #taken: Set<string>;

  /** `names` are those of the graph's values; they stay theirs. */
  constructor(names: Iterable<string>) {
    this.#taken = new Set(names);
  }

  /** Spell a node of ours; `output` is the name of the value it makes. */
  spell(name: string, output: string, inputs: Place["inputs"], shape: Shape, exporter: (place: Place) => string): void {
    const made: OnnxNode[] = [];
    const result = exporter({
      inputs,
      shape,
      add: (op, operands, attributes = {}) => {
        const title = this.#unused(`${name}/${op}`);
        made.push({ op, name: title, inputs: operands, output: title, attributes });
        return title;
      },
      constant: (what, dims, data) => this.constant(`${name}.${what}`, dims, data),
    });
    const last = made.at(-1);
    if (last?.output !== result) throw new Error(`in node "${name}": the export does not end with its result; please report the model`);
    last.output = output;
    if (made.length === 1) last.name = name;
    this.nodes.push(...made);
  }

  constant(wanted: string, dims: readonly number[], data: TensorData): string {
    const name = this.#unused(wanted);
    this.initializers.push({ name, dims, data });
    return name;
  }

  #unused(wanted: string): string {
    let name = wanted;
    for (let count = 2; this.#taken.has(name); count++) name = `${wanted}_${count}`;
    this.#taken.add(name);
    return name;
  }
}
