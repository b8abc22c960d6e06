// ModelProto and what is in it, as far as an export needs it. Field numbers are those of onnx.proto3.
import type { Shape } from "../../graph/graph.ts";
import { Message } from "./wire.ts";

/** AveragePool takes dilations from here on; everything else is older. */
const OPSET = 19;
/** The one that came with this opset. */
const IR_VERSION = 9;

/** An integer, a float, or a list of integers. */
export type Attribute = number | { float: number } | readonly number[];

export interface OnnxNode {
  op: string;
  name: string;
  inputs: readonly string[];
  output: string;
  attributes: Readonly<Record<string, Attribute>>;
}

/** Constants by the types that are written. */
export type TensorData = Float32Array | Int8Array | BigInt64Array;

export interface Initializer {
  name: string;
  dims: readonly number[];
  data: TensorData;
}

/** A float value; -1 in dimension 0 is written as N. */
export interface ValueInfo {
  name: string;
  shape: Shape;
}

export interface OnnxModel {
  name: string;
  nodes: readonly OnnxNode[];
  initializers: readonly Initializer[];
  inputs: readonly ValueInfo[];
  outputs: readonly ValueInfo[];
  /** The values in between, for whoever looks at the file. */
  values: readonly ValueInfo[];
  metadata: Readonly<Record<string, string>>;
}

/** Write a model; throws RangeError when there is no memory for it. */
export function encodeModel({ name, nodes, initializers, inputs, outputs, values, metadata }: OnnxModel): Uint8Array {
  const graph = new Message();
  for (const node of nodes) graph.message(1, encodeNode(node));
  graph.text(2, name);
  for (const initializer of initializers) graph.message(5, encodeTensor(initializer));
  for (const value of inputs) graph.message(11, encodeValue(value));
  for (const value of outputs) graph.message(12, encodeValue(value));
  for (const value of values) graph.message(13, encodeValue(value));
  const model = new Message().integer(1, IR_VERSION).text(2, "hybit").message(7, graph).message(8, new Message().text(1, "").integer(2, OPSET));
  for (const [key, value] of Object.entries(metadata)) model.message(14, new Message().text(1, key).text(2, value));
  return model.finish();
}

function encodeNode({ op, name, inputs, output, attributes }: OnnxNode): Message {
  const node = new Message();
  for (const input of inputs) node.text(1, input);
  node.text(2, output).text(3, name).text(4, op);
  for (const [key, value] of Object.entries(attributes)) node.message(5, encodeAttribute(key, value));
  return node;
}

/** Field 20 is the kind: 1 float, 2 integer, 7 integers. */
function encodeAttribute(name: string, value: Attribute): Message {
  const attribute = new Message().text(1, name);
  if (typeof value === "number") return attribute.integer(3, value).integer(20, 2);
  if ("float" in value) return attribute.float(2, value.float).integer(20, 1);
  for (const each of value) attribute.integer(8, each);
  return attribute.integer(20, 7);
}

const FLOAT = 1;
const INT8 = 3;
const INT64 = 7;

function encodeTensor({ name, dims, data }: Initializer): Message {
  const type = data instanceof Float32Array ? FLOAT : data instanceof Int8Array ? INT8 : INT64;
  const tensor = new Message();
  for (const dim of dims) tensor.integer(1, dim);
  // Raw data is little-endian, as every machine with a JavaScript engine is.
  return tensor
    .integer(2, type)
    .text(8, name)
    .data(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}

function encodeValue({ name, shape }: ValueInfo): Message {
  const dims = new Message();
  for (const dim of shape) dims.message(1, dim < 0 ? new Message().text(2, "N") : new Message().integer(1, dim));
  const tensor = new Message().integer(1, FLOAT).message(2, dims);
  return new Message().text(1, name).message(2, new Message().message(1, tensor));
}
