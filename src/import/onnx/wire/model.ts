// ModelProto, GraphProto, NodeProto, AttributeProto, ValueInfoProto: what an import needs of them. Field
// numbers are those of onnx.proto3. Graphs inside attributes (the branches of If) are read when somebody asks.
import { LoadError } from "../../../graph/errors.ts";
import { Fields } from "./fields.ts";
import { decodeTensor, MAX_RANK, type TensorProto } from "./tensor.ts";
import { damaged } from "./varint.ts";

export interface ModelProto {
  producer: string;
  graph: GraphProto;
  /** Version of each operator domain; "" is ONNX's own. */
  opsets: Map<string, number>;
  metadata: Record<string, string>;
}

export interface GraphProto {
  name: string;
  nodes: NodeProto[];
  initializers: TensorProto[];
  inputs: ValueInfoProto[];
  outputs: ValueInfoProto[];
}

export interface NodeProto {
  name: string;
  op: string;
  domain: string;
  inputs: string[];
  outputs: string[];
  attributes: Map<string, AttributeProto>;
}

/** AttributeProto.type: 1 float, 2 int, 3 string, 4 tensor, 5 graph, 6 floats, 7 ints, 8 strings. */
export interface AttributeProto {
  type: number;
  float: number;
  int: number;
  text: string;
  tensor: TensorProto | undefined;
  /** Not decoded yet. */
  graph: Fields | undefined;
  floats: number[];
  ints: number[];
}

export interface ValueInfoProto {
  name: string;
  /** TensorProto.DataType; 0 when it is no tensor. */
  dataType: number;
  /** -1: not a fixed number. Absent: rank unknown. */
  shape: number[] | undefined;
}

/** Far above any real net (a few thousand); keeps a forged file from filling memory with empty nodes. */
const MAX_NODES = 200_000;
/** First byte of a ModelProto as every serializer writes it: field 1, ir_version. */
const IR_VERSION_TAG = 0x08;

export function decodeModel(bytes: Uint8Array): ModelProto {
  const opsets = new Map<string, number>();
  const metadata: Record<string, string> = {};
  let producer = "";
  let version = "";
  let graph: GraphProto | undefined;
  try {
    const fields = new Fields(bytes, "the model");
    while (fields.next()) {
      if (fields.field === 2) producer = fields.text();
      else if (fields.field === 3) version = fields.text();
      else if (fields.field === 7) graph = decodeGraph(fields.message("the graph"));
      else if (fields.field === 8) decodeOpset(fields.message("an opset import"), opsets);
      else if (fields.field === 14) decodeEntry(fields.message("a metadata entry"), metadata);
    }
  } catch (error) {
    if (bytes[0] === IR_VERSION_TAG) throw error;
  }
  if (graph === undefined)
    throw new LoadError("not-a-model", "this is not an ONNX model (no graph in it); give the .onnx file itself, not compressed");
  return { producer: `${producer} ${version}`.trim(), graph, opsets, metadata };
}

function decodeOpset(fields: Fields, opsets: Map<string, number>): void {
  let domain = "";
  let version = 0;
  while (fields.next()) {
    if (fields.field === 1) domain = fields.text();
    else if (fields.field === 2) version = fields.int();
  }
  opsets.set(domain === "ai.onnx" ? "" : domain, version);
}

function decodeEntry(fields: Fields, into: Record<string, string>): void {
  let key = "";
  let value = "";
  while (fields.next()) {
    if (fields.field === 1) key = fields.text();
    else if (fields.field === 2) value = fields.text();
  }
  into[key] = value;
}

export function decodeGraph(fields: Fields): GraphProto {
  const graph: GraphProto = { name: "", nodes: [], initializers: [], inputs: [], outputs: [] };
  while (fields.next()) {
    if (fields.field === 1) graph.nodes.push(decodeNode(fields.message(`node ${graph.nodes.length}`)));
    else if (fields.field === 2) graph.name = fields.text();
    else if (fields.field === 5) graph.initializers.push(decodeTensor(fields.message(`initializer ${graph.initializers.length}`)));
    else if (fields.field === 11) graph.inputs.push(decodeValueInfo(fields.message(`input ${graph.inputs.length}`)));
    else if (fields.field === 12) graph.outputs.push(decodeValueInfo(fields.message(`output ${graph.outputs.length}`)));
    if (graph.nodes.length + graph.initializers.length > MAX_NODES) {
      throw new LoadError("too-large", `the graph has more than ${MAX_NODES} nodes and initializers; this is no net that can be imported`);
    }
  }
  return graph;
}

function decodeNode(fields: Fields): NodeProto {
  const node: NodeProto = { name: "", op: "", domain: "", inputs: [], outputs: [], attributes: new Map() };
  while (fields.next()) {
    if (fields.field === 1) node.inputs.push(fields.text());
    else if (fields.field === 2) node.outputs.push(fields.text());
    else if (fields.field === 3) node.name = fields.text();
    else if (fields.field === 4) node.op = fields.text();
    else if (fields.field === 5) decodeAttribute(fields.message(`an attribute of ${fields.place}`), node.attributes);
    else if (fields.field === 7) node.domain = fields.text();
  }
  if (node.domain === "ai.onnx") node.domain = "";
  return node;
}

function decodeAttribute(fields: Fields, into: Map<string, AttributeProto>): void {
  let name = "";
  const attribute: AttributeProto = { type: 0, float: 0, int: 0, text: "", tensor: undefined, graph: undefined, floats: [], ints: [] };
  while (fields.next()) {
    if (fields.field === 1) name = fields.text();
    else if (fields.field === 2) attribute.float = fields.float();
    else if (fields.field === 3) attribute.int = fields.int();
    else if (fields.field === 4) attribute.text = fields.text();
    else if (fields.field === 5) attribute.tensor = decodeTensor(fields.message(fields.place));
    else if (fields.field === 6) attribute.graph = fields.message(fields.place);
    else if (fields.field === 7) fields.floats(attribute.floats);
    else if (fields.field === 8) fields.ints(attribute.ints);
    else if (fields.field === 20) attribute.type = fields.int();
  }
  into.set(name, attribute);
}

function decodeValueInfo(fields: Fields): ValueInfoProto {
  const info: ValueInfoProto = { name: "", dataType: 0, shape: undefined };
  while (fields.next()) {
    if (fields.field === 1) info.name = fields.text();
    else if (fields.field === 2) decodeType(fields.message(fields.place), info);
  }
  return info;
}

/** TypeProto.tensor_type (1): elem_type (1), shape (2) of dims (1): dim_value (1) or dim_param (2). */
function decodeType(type: Fields, info: ValueInfoProto): void {
  while (type.next()) {
    if (type.field !== 1) continue;
    const tensor = type.message(type.place);
    while (tensor.next()) {
      if (tensor.field === 1) info.dataType = tensor.int();
      else if (tensor.field === 2) info.shape = decodeShape(tensor.message(tensor.place));
    }
  }
}

function decodeShape(shape: Fields): number[] {
  const dims: number[] = [];
  while (shape.next()) {
    if (shape.field !== 1) continue;
    const dim = shape.message(shape.place);
    let size = -1;
    while (dim.next()) if (dim.field === 1) size = dim.int();
    dims.push(size > 0 ? size : -1);
    if (dims.length > MAX_RANK) throw damaged("invalid", shape, `a value has more than ${MAX_RANK} dimensions`);
  }
  return dims;
}
