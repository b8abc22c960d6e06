// Writes small ONNX files for tests: a protobuf writer for the few messages a model needs. Independent of the
// reader in src/import/onnx/wire.

export type Attribute = number | string | number[] | { float: number } | { floats: number[] } | { tensor: TensorSpec } | { graph: GraphSpec };

export interface NodeSpec {
  op: string;
  inputs: string[];
  outputs: string[];
  name?: string;
  domain?: string;
  attributes?: Record<string, Attribute>;
}

/** Numbers of ONNX's data types that tests write. */
export const TYPES = { float: 1, uint8: 2, int8: 3, int32: 6, int64: 7, bool: 9, float16: 10, double: 11 } as const;

export interface TensorSpec {
  name?: string;
  type?: keyof typeof TYPES;
  dims: readonly number[];
  values: ArrayLike<number>;
  /** How the numbers are written; float16 values are given as their 16 bits. Default raw. */
  as?: "raw" | "typed";
  /** Where the numbers are instead. */
  external?: Record<string, string>;
}

/** A graph inside an attribute; it takes no inputs. */
export interface GraphSpec {
  nodes: NodeSpec[];
  outputs: string[];
  initializers?: Record<string, Omit<TensorSpec, "name">>;
}

export interface ModelSpec {
  nodes: NodeSpec[];
  /** A string is a symbolic dimension; undefined a missing one. */
  inputs: { name: string; shape?: readonly (number | string | undefined)[]; type?: keyof typeof TYPES }[];
  outputs: string[];
  initializers?: Record<string, Omit<TensorSpec, "name">>;
  opset?: number;
  domains?: Record<string, number>;
  metadata?: Record<string, string>;
}

export function buildModel(spec: ModelSpec): Uint8Array {
  const graph = encodeGraph(spec);
  const opsets = { "": spec.opset ?? 13, ...spec.domains };
  return Uint8Array.from(
    message(
      integer(1, 8),
      field(2, text("tests")),
      field(3, text("1")),
      field(7, graph),
      ...Object.entries(opsets).map(([domain, version]) => field(8, message(field(1, text(domain)), integer(2, version)))),
      ...Object.entries(spec.metadata ?? {}).map(([key, value]) => field(14, message(field(1, text(key)), field(2, text(value))))),
    ),
  );
}

function encodeGraph(spec: GraphSpec & Pick<ModelSpec, "inputs">): number[] {
  return message(
    ...spec.nodes.map((node) => field(1, encodeNode(node))),
    field(2, text("test")),
    ...Object.entries(spec.initializers ?? {}).map(([name, tensor]) => field(5, encodeTensor({ ...tensor, name }))),
    ...spec.inputs.map(({ name, shape, type }) => field(11, encodeValue(name, shape, type))),
    ...spec.outputs.map((name) => field(12, encodeValue(name, undefined))),
  );
}

function encodeNode({ op, inputs, outputs, name, domain, attributes }: NodeSpec): number[] {
  return message(
    ...inputs.map((input) => field(1, text(input))),
    ...outputs.map((output) => field(2, text(output))),
    name === undefined ? [] : field(3, text(name)),
    field(4, text(op)),
    ...Object.entries(attributes ?? {}).map(([key, value]) => field(5, encodeAttribute(key, value))),
    domain === undefined ? [] : field(7, text(domain)),
  );
}

function encodeAttribute(name: string, value: Attribute): number[] {
  const head = field(1, text(name));
  const type = (code: number) => integer(20, code);
  if (typeof value === "number") return message(head, integer(3, value), type(2));
  if (typeof value === "string") return message(head, field(4, text(value)), type(3));
  if (Array.isArray(value)) return message(head, ...value.map((each) => integer(8, each)), type(7));
  if ("float" in value) return message(head, [(2 << 3) | 5, ...bytesOf(Float32Array.of(value.float))], type(1));
  if ("floats" in value) return message(head, field(7, bytesOf(Float32Array.from(value.floats))), type(6));
  if ("graph" in value) return message(head, field(6, encodeGraph({ ...value.graph, inputs: [] })), type(5));
  return message(head, field(5, encodeTensor(value.tensor)), type(4));
}

function encodeTensor({ name, type = "float", dims, values, as = "raw", external }: TensorSpec): number[] {
  const numbers = Array.from(values);
  return message(
    field(1, dims.flatMap(varint)), // packed
    integer(2, TYPES[type]),
    external ? externalOf(external) : as === "raw" ? field(9, rawOf(type, numbers)) : typedOf(type, numbers),
    name === undefined ? [] : field(8, text(name)),
  );
}

function externalOf(entries: Record<string, string>): number[] {
  return message(...Object.entries(entries).map(([key, value]) => field(13, message(field(1, text(key)), field(2, text(value))))), integer(14, 1));
}

function rawOf(type: keyof typeof TYPES, numbers: number[]): number[] {
  switch (type) {
    case "float":
      return bytesOf(Float32Array.from(numbers));
    case "double":
      return bytesOf(Float64Array.from(numbers));
    case "int64":
      return bytesOf(BigInt64Array.from(numbers.map((value) => BigInt(value))));
    case "int32":
      return bytesOf(Int32Array.from(numbers));
    case "float16":
      return bytesOf(Uint16Array.from(numbers));
    default:
      return numbers.map((value) => value & 0xff);
  }
}

function typedOf(type: keyof typeof TYPES, numbers: number[]): number[] {
  if (type === "float") return field(4, bytesOf(Float32Array.from(numbers)));
  if (type === "double") return field(10, bytesOf(Float64Array.from(numbers)));
  if (type === "int64") return numbers.flatMap((value) => integer(7, value)); // unpacked
  return field(5, numbers.flatMap(varint));
}

function encodeValue(name: string, shape: readonly (number | string | undefined)[] | undefined, type: keyof typeof TYPES = "float"): number[] {
  const dims = shape?.map((dim) => field(1, typeof dim === "number" ? integer(1, dim) : dim === undefined ? [] : field(2, text(dim))));
  const tensor = message(integer(1, TYPES[type]), dims === undefined ? [] : field(2, message(...dims)));
  return message(field(1, text(name)), field(2, message(field(1, tensor))));
}

export function message(...parts: number[][]): number[] {
  return parts.flat();
}

/** A length-delimited field. */
export function field(number: number, bytes: number[]): number[] {
  return [...varint((number << 3) | 2), ...varint(bytes.length), ...bytes];
}

export function integer(number: number, value: number): number[] {
  return [...varint(number << 3), ...varint(value)];
}

export function text(value: string): number[] {
  return [...new TextEncoder().encode(value)];
}

/** Two's complement, 64 bits. */
export function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    bytes.push(Number(rest & 0x7fn) | (rest > 0x7fn ? 0x80 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  return bytes;
}

function bytesOf(array: ArrayBufferView): number[] {
  return [...new Uint8Array(array.buffer, array.byteOffset, array.byteLength)];
}
