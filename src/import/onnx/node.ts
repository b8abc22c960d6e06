// A node of the ONNX graph as importers of operators see it: inputs and attributes by name, checked. Says
// nothing about what the node computes.
import { LoadError } from "../../graph/errors.ts";
import type { Tensor } from "./tensor.ts";
import { type AttributeProto, decodeGraph, type GraphProto, type NodeProto } from "./wire/model.ts";
import { readTensor } from "./wire/tensor.ts";

export class OnnxNode {
  readonly name: string;
  /** Operator, without its domain. */
  readonly op: string;
  readonly domain: string;
  /** Version of the operator's domain that the model asks for. */
  readonly opset: number;
  /** Value names; "" where an optional input or output is left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly #attributes: ReadonlyMap<string, AttributeProto>;

  constructor(proto: NodeProto, opset: number) {
    this.op = proto.op;
    this.domain = proto.domain;
    this.opset = opset;
    this.inputs = proto.inputs;
    this.outputs = proto.outputs;
    this.name = proto.name || `${proto.op}:${proto.outputs.find((output) => output !== "") ?? ""}`;
    this.#attributes = proto.attributes;
  }

  hasInput(index: number): boolean {
    return Boolean(this.inputs[index]);
  }

  has(name: string): boolean {
    return this.#attributes.has(name);
  }

  int(name: string, fallback: number): number {
    return this.#read(name, [2, 0], (attribute) => attribute.int) ?? fallback;
  }

  float(name: string, fallback: number): number {
    return this.#read(name, [1, 0], (attribute) => attribute.float) ?? fallback;
  }

  text(name: string, fallback: string): string {
    return this.#read(name, [3, 0], (attribute) => attribute.text) ?? fallback;
  }

  ints(name: string): number[] | undefined {
    return this.#read(name, [7, 0], (attribute) => attribute.ints);
  }

  floats(name: string): number[] | undefined {
    return this.#read(name, [6, 0], (attribute) => attribute.floats);
  }

  tensor(name: string): Tensor | undefined {
    const proto = this.#read(name, [4, 0], (attribute) => attribute.tensor);
    return proto && readTensor(proto, `attribute "${name}" of node "${this.name}"`);
  }

  /** A graph inside an attribute; can be asked for once. */
  graph(name: string): GraphProto | undefined {
    const fields = this.#read(name, [5, 0], (attribute) => attribute.graph);
    return fields && decodeGraph(fields);
  }

  /** Valid ONNX that cannot be imported: `what` completes "Op (opset N) …", `remedy` tells what to do. */
  unsupported(what: string, remedy: string): LoadError {
    return new LoadError("unsupported", `${this.op} (opset ${this.opset}) ${what}; ${remedy}`, this.name);
  }

  /** ONNX that can never work. */
  invalid(what: string): LoadError {
    return new LoadError(
      "invalid",
      `${this.op} (opset ${this.opset}) ${what}; the file is damaged or was exported wrongly, export it again`,
      this.name,
    );
  }

  #read<T>(name: string, types: readonly number[], read: (attribute: AttributeProto) => T): T | undefined {
    const attribute = this.#attributes.get(name);
    if (attribute === undefined) return undefined;
    if (!types.includes(attribute.type)) throw this.invalid(`has an attribute "${name}" of type ${attribute.type} where ${types[0]} is expected`);
    return read(attribute);
  }
}
