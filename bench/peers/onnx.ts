// Writes the ONNX models that peers are timed with, one layer each: a protobuf writer for the few messages they need.
// Weights are tens of megabytes here, so parts are byte arrays that are joined once.

export type Part = Uint8Array;

const TYPES = { float32: 1, uint8: 2, int8: 3, int32: 6 } as const;

export interface Tensor {
  type: keyof typeof TYPES;
  dims: readonly number[];
  data: Float32Array | Int8Array | Uint8Array;
}

export interface OnnxNode {
  op: string;
  inputs: string[];
  outputs: string[];
  attributes?: Record<string, number | number[]>;
}

export interface OnnxModel {
  nodes: OnnxNode[];
  constants: Record<string, Tensor>;
  input: { name: string; type: keyof typeof TYPES; dims: readonly number[] };
  output: { name: string; type: keyof typeof TYPES; dims: readonly number[] };
}

/** Opset 13, IR version 8. */
export function encodeModel({ nodes, constants, input, output }: OnnxModel): Uint8Array {
  const graph = join([
    ...nodes.map((node) => field(1, encodeNode(node))),
    field(2, text("layer")),
    ...Object.entries(constants).map(([name, tensor]) => field(5, encodeTensor(name, tensor))),
    field(11, encodeValue(input)),
    field(12, encodeValue(output)),
  ]);
  return join([number(1, 8), field(7, graph), field(8, join([field(1, text("")), number(2, 13)]))]);
}

function encodeNode({ op, inputs, outputs, attributes = {} }: OnnxNode): Part {
  return join([
    ...inputs.map((name) => field(1, text(name))),
    ...outputs.map((name) => field(2, text(name))),
    field(4, text(op)),
    ...Object.entries(attributes).map(([name, value]) => {
      const values = Array.isArray(value) ? [...value.map((each) => number(8, each)), number(20, 7)] : [number(3, value), number(20, 2)];
      return field(5, join([field(1, text(name)), ...values]));
    }),
  ]);
}

function encodeTensor(name: string, { type, dims, data }: Tensor): Part {
  const raw = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return join([...dims.map((dim) => number(1, dim)), number(2, TYPES[type]), field(8, text(name)), field(9, raw)]);
}

function encodeValue({ name, type, dims }: OnnxModel["input"]): Part {
  const shape = join(dims.map((dim) => field(1, number(1, dim))));
  return join([field(1, text(name)), field(2, field(1, join([number(1, TYPES[type]), field(2, shape)])))]);
}

/** A length-delimited field. */
function field(id: number, bytes: Part): Part {
  return join([varint((id << 3) | 2), varint(bytes.length), bytes]);
}

function number(id: number, value: number): Part {
  return join([varint(id << 3), varint(value)]);
}

function text(value: string): Part {
  return new TextEncoder().encode(value);
}

/** Of a whole number from 0 to 2^31 - 1. */
function varint(value: number): Part {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest >>>= 7) bytes.push((rest & 127) | 128);
  bytes.push(rest);
  return Uint8Array.from(bytes);
}

function join(parts: readonly Part[]): Part {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
