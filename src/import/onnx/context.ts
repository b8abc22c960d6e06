// What the importer of an operator may ask for: its operands, as constants or as graph values, and a place for
// the nodes it makes. Errors name the node that asks.
import { LoadError } from "../../graph/errors.ts";
import type { Shape } from "../../graph/graph.ts";
import type { Draft } from "./draft.ts";
import type { OnnxNode } from "./node.ts";
import type { Operand } from "./operand.ts";
import type { SignZero } from "./options.ts";
import { isFloat, type Tensor } from "./tensor.ts";

/** Something a person should know about how a node was read. */
export interface Note {
  /** Name of the node; empty when it is about the whole model. */
  node: string;
  message: string;
}

/** A feature map of a large batch, written out as a constant. */
const BASE_BUDGET = 2 ** 26;
/** How often the weights of a file may be read or made anew: binarizing them at import takes about 45 times. */
const BUDGET_PER_WEIGHT = 64;

export class Context {
  readonly draft: Draft;
  readonly signZero: SignZero;
  readonly notes: Note[] = [];
  readonly operands = new Map<string, Operand>();
  /** Elements of constants that may still be read or made: shared or repeated ones must not take for ever. */
  #budget = BASE_BUDGET;

  constructor(draft: Draft, signZero: SignZero) {
    this.draft = draft;
    this.signZero = signZero;
  }

  /** Add a constant of the file. */
  bindInitializer(name: string, tensor: Tensor): void {
    this.#budget += BUDGET_PER_WEIGHT * tensor.data.length;
    this.operands.set(name, { kind: "constant", tensor });
  }

  /** True when input `index` is of an integer type. */
  isInteger(node: OnnxNode, index: number): boolean {
    const operand = this.operand(node, index);
    return operand.kind === "value" ? this.draft.wholes.has(operand.index) : operand.kind === "constant" && !isFloat(operand.tensor.type);
  }

  /** Count a constant against the budget; throws when it is used up. */
  spend(node: { name: string }, elements: number): void {
    this.#budget -= elements;
    if (this.#budget < 0) {
      throw new LoadError("too-large", "the constants of this model take too much computing; bake the weights before exporting", node.name);
    }
  }

  /** Make a constant of one number per channel out of such a list, or out of a single number. */
  spread(name: string, values: ArrayLike<number>, channels: number): Float32Array {
    this.spend({ name }, channels);
    return values.length === 1 ? new Float32Array(channels).fill(values[0] as number) : Float32Array.from(values);
  }

  /** Return input `index`; throws when the node leaves it out. */
  operand(node: OnnxNode, index: number): Operand {
    const name = node.inputs[index];
    if (!name) throw node.invalid(`needs an input ${index} that is not there`);
    const operand = this.operands.get(name);
    if (operand === undefined) throw node.invalid(`reads "${name}", which nothing before it makes`);
    return operand;
  }

  /** Return the tensor behind input `index` if it does not depend on the model's inputs. */
  findConstant(node: OnnxNode, index: number): Tensor | undefined {
    if (!node.hasInput(index)) return undefined;
    const operand = this.operand(node, index);
    if (operand.kind !== "constant") return undefined;
    this.spend(node, operand.tensor.data.length);
    return operand.tensor;
  }

  /** Return input `index`, which has to be a constant; undefined when it is left out. */
  constant(node: OnnxNode, index: number, what: string): Tensor | undefined {
    const tensor = this.findConstant(node, index);
    if (tensor === undefined && node.hasInput(index)) throw this.notConstant(node, what);
    return tensor;
  }

  requireConstant(node: OnnxNode, index: number, what: string): Tensor {
    const tensor = this.constant(node, index, what);
    if (tensor === undefined) throw node.invalid(`has no ${what}`);
    return tensor;
  }

  /** Return a small integer list from input `index` or, as older opsets have it, from an attribute. */
  integers(node: OnnxNode, index: number, attribute: string): number[] | undefined {
    const tensor = this.constant(node, index, attribute);
    const list = tensor ? Array.from(tensor.data) : node.ints(attribute);
    if (list?.some((value) => Number.isNaN(value))) {
      throw node.unsupported(`takes its ${attribute} from the batch size`, "keep the batch as the first dimension, untouched");
    }
    return list;
  }

  /** Return input `index` as a graph value; a constant is stored as one. */
  value(node: OnnxNode, index: number): number {
    const operand = this.operand(node, index);
    if (operand.kind === "value") return operand.index;
    if (operand.kind === "constant") {
      this.spend(node, operand.tensor.data.length);
      return this.store(node.inputs[index] as string, operand.tensor);
    }
    throw node.unsupported("reads the true/false result of a comparison", "only Cast, Where and Not can follow a comparison");
  }

  /** Store a constant as a value of the graph, where a single number has one axis. */
  store(name: string, { data, shape }: Tensor): number {
    return this.draft.addValue(name, shape.length === 0 ? [1] : shape, 1, Float32Array.from(data));
  }

  shape(value: number): Shape {
    return this.draft.shape(value);
  }

  /** Return the shape of a value that must have `rank` dimensions. */
  shapeOfRank(node: OnnxNode, value: number, rank: number): Shape {
    const shape = this.shape(value);
    if (shape.length !== rank) {
      throw node.unsupported(
        `works on a value of shape [${shape}]`,
        `only ${rank} dimensions are supported here; add or remove dimensions of size 1 before exporting`,
      );
    }
    return shape;
  }

  note(node: string, message: string): void {
    this.notes.push({ node, message });
  }

  notConstant(node: OnnxNode, what: string): LoadError {
    return node.unsupported(`computes its ${what} from the model's inputs`, "it has to be a constant");
  }
}
