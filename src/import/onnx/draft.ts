// The graph while it grows: values, nodes, and for every value its shape and who makes it. Values have no names
// yet where ONNX gave none. Shapes come from the ops themselves (src/ops); what they refuse is refused here.
import type { Attributes, OpName } from "../../graph/attributes.ts";
import { LoadError } from "../../graph/errors.ts";
import { countElements, type Node, type NodeOf, type Numbers, type Shape, type Value } from "../../graph/graph.ts";
import { inferShape } from "./infer.ts";
import type { Condition } from "./operand.ts";

/** y = scale[c] x + bias[c], in double so that several in a row become one without loss. */
export interface ScaleShift {
  x: number;
  scale: readonly number[];
  bias: readonly number[];
}

/** Elements of one value for one image: 1 GiB of floats. */
const MAX_ELEMENTS = 2 ** 28;

export class Draft {
  readonly values: Value<Numbers>[] = [];
  readonly nodes: Node<Numbers>[] = [];
  /** Rows per unit of batch, by value: dimension 0 is this many times N when it is -1. */
  readonly #rows: number[] = [];
  readonly #producers = new Map<number, Node<Numbers>>();
  /** What each affine node was made from. */
  readonly scaleShifts = new Map<number, ScaleShift>();
  /** Values made as -x, with that x. */
  readonly negations = new Map<number, number>();
  /** What each binarize node decides. */
  readonly conditions = new Map<number, Condition>();
  /** Binarized values whose source gives neither +1 nor -1 at 0. */
  readonly zeroSigns = new Set<number>();
  /** Values that hold whole numbers of an integer type. */
  readonly wholes = new Set<number>();

  addValue(name: string, shape: Shape, rows = 1, constant?: Numbers): number {
    if (!(rows * countElements(shape.map(Math.abs)) <= MAX_ELEMENTS)) {
      throw new LoadError("too-large", `value "${name}" of shape [${shape}] is too large to be computed here`);
    }
    this.#rows.push(rows);
    return this.values.push({ name, type: "f32", shape, constant }) - 1;
  }

  /** Add a node with one output; returns the output's index. */
  add<K extends OpName>(name: string, op: K, attrs: Attributes<Numbers>[K], inputs: number[]): number {
    const node = { name, op, attrs, inputs, outputs: [] as number[] } as NodeOf<K, Numbers>;
    const inferred = inferShape(
      node,
      inputs.map((input) => ({ shape: this.shape(input), rows: this.rows(input) })),
    );
    const output = this.addValue("", inferred.shape, inferred.rows);
    if (op === "binarize") (this.values[output] as Value<Numbers>).type = "bits";
    node.outputs.push(output);
    this.nodes.push(node);
    this.#producers.set(output, node);
    return output;
  }

  /** Name a value unless it has a name. */
  nameValue(index: number, name: string): void {
    const value = this.values[index] as Value<Numbers>;
    if (value.name === "") value.name = name;
  }

  shape(value: number): Shape {
    return (this.values[value] as Value<Numbers>).shape;
  }

  rows(value: number): number {
    return this.#rows[value] as number;
  }

  /** The node that makes a value; none for inputs and constants. */
  producer(value: number): Node<Numbers> | undefined {
    return this.#producers.get(value);
  }
}
