// The parts of a TensorFlow Lite file that an import needs. Field numbers are those of tensorflow/lite/schema/schema.fbs.
import { LoadError } from "../../graph/errors.ts";
import { Buffer, type Table } from "./reader.ts";

export interface TfliteTensor {
  name: string;
  /** -1 in front where the batch is open. */
  shape: number[];
  /** TensorType of the schema. */
  type: number;
  data: Uint8Array | undefined;
  /** One each, or one for each place along `axis`; empty where values are what they are. */
  scales: number[];
  zeroPoints: number[];
  axis: number;
}

export interface TfliteOperator {
  /** BuiltinOperator of the schema; 32 for custom ones. */
  code: number;
  custom: string;
  /** -1 where one is left out. */
  inputs: number[];
  outputs: number[];
  options: Table | undefined;
  customOptions: Uint8Array | undefined;
}

export interface TfliteModel {
  name: string;
  tensors: TfliteTensor[];
  operators: TfliteOperator[];
  inputs: number[];
  outputs: number[];
}

const MOST_RANK = 8;

export function readModel(bytes: Uint8Array): TfliteModel {
  const magic = new TextDecoder("latin1").decode(bytes.subarray(4, 8));
  if (magic !== "TFL3") throw new LoadError("not-a-model", "this is no TensorFlow Lite model (no TFL3 at byte 4); give the .tflite file itself");
  const model = new Buffer(bytes).root();
  const codes = model.tables(1, "operator code").map((code) => ({ code: Math.max(code.i8(0), code.i32(3)), custom: code.text(1) }));
  const buffers = model.tables(4, "buffer");
  const graphs = model.tables(2, "subgraph");
  const [graph] = graphs;
  if (graph === undefined || graphs.length > 1) {
    throw new LoadError("unsupported", `the model has ${graphs.length} subgraphs, and one is read; export it without control flow`);
  }
  const tensors = graph.tables(0, "tensor").map((tensor) => readTensor(tensor, buffers));
  const check = (list: number[], place: string, least: number) => {
    const wrong = list.find((index) => index < least || index >= tensors.length);
    if (wrong !== undefined) throw new LoadError("invalid", `${place} names tensor ${wrong} of ${tensors.length}; the file is damaged, get it again`);
    return list;
  };
  const operators = graph.tables(3, "operator").map((operator): TfliteOperator => {
    const index = operator.i32(0);
    const code = codes[index];
    if (code === undefined)
      throw new LoadError("invalid", `${operator.place} has code ${index} of ${codes.length}; the file is damaged, get it again`);
    return {
      ...code,
      inputs: check(operator.ints(1) ?? [], operator.place, -1),
      outputs: check(operator.ints(2) ?? [], operator.place, 0),
      options: operator.table(4, `the options of ${operator.place}`),
      customOptions: operator.bytes(5),
    };
  });
  return {
    name: graph.text(4),
    tensors,
    operators,
    inputs: check(graph.ints(1) ?? [], "the inputs", 0),
    outputs: check(graph.ints(2) ?? [], "the outputs", 0),
  };
}

function readTensor(tensor: Table, buffers: readonly Table[]): TfliteTensor {
  const shape = tensor.ints(0) ?? [];
  const signature = tensor.ints(7);
  const name = tensor.text(3) || tensor.place;
  if (shape.length > MOST_RANK || shape.some((dim) => dim < 0)) {
    throw new LoadError("invalid", `tensor "${name}" is of shape [${shape}]; the file is damaged, get it again`);
  }
  const index = tensor.i32(2);
  const buffer = buffers[index];
  if (index < 0 || (buffer === undefined && buffers.length > 0)) {
    throw new LoadError("invalid", `tensor "${name}" is in buffer ${index} of ${buffers.length}; the file is damaged, get it again`);
  }
  const data = buffer?.bytes(0);
  const grid = tensor.table(4, `the scale of "${name}"`);
  const isOpen = signature?.length === shape.length && signature[0] === -1;
  return {
    name,
    shape: isOpen ? [-1, ...shape.slice(1)] : shape,
    type: tensor.i8(1),
    data: data && data.length > 0 ? data : undefined,
    scales: grid?.floats(2) ?? [],
    zeroPoints: grid?.longs(3) ?? [],
    axis: grid?.i32(6) ?? 0,
  };
}
