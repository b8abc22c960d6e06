// The protobuf reader: what a file may hold, and what becomes of one that is damaged or something else.
import assert from "node:assert/strict";
import { test } from "node:test";
import { LoadError } from "../../src/graph/errors.ts";
import { importOnnx, listExternalFiles } from "../../src/import/onnx/import.ts";
import { buildModel, field, integer, message, type TensorSpec, text } from "../support/onnx-builder.ts";

const ADD = { nodes: [{ op: "Add", name: "add", inputs: ["x", "c"], outputs: ["y"] }], inputs: [{ name: "x", shape: ["n", 2] }], outputs: ["y"] };

const FIXED32_FIELD_51 = [0x9d, 0x03, 1, 2, 3, 4];

function biasOf(tensor: Omit<TensorSpec, "name">): number[] {
  const [node] = importOnnx(buildModel({ ...ADD, initializers: { c: tensor } })).graph.nodes;
  return node?.op === "affine" ? [...node.attrs.bias] : [];
}

function failure(bytes: Uint8Array): LoadError {
  try {
    importOnnx(bytes);
  } catch (error) {
    if (error instanceof LoadError) return error;
    throw error;
  }
  throw new Error("the file was imported");
}

test("numbers of every type are read, raw or typed", () => {
  const tensors: Omit<TensorSpec, "name">[] = (["float", "double", "int32", "int64", "int8"] as const).flatMap((type) => [
    { type, dims: [2], values: [3, -5] },
    { type, dims: [2], values: [3, -5], as: "typed" },
  ]);
  for (const tensor of tensors) assert.deepEqual(biasOf(tensor), [3, -5], `${tensor.type} ${tensor.as ?? "raw"}`);
  assert.deepEqual(biasOf({ type: "uint8", dims: [2], values: [3, 250] }), [3, 250]);
  assert.deepEqual(biasOf({ type: "bool", dims: [2], values: [0, 1] }), [0, 1]);
});

test("halves are converted: normal, subnormal, negative zero, infinity", () => {
  assert.deepEqual(biasOf({ type: "float16", dims: [2], values: [0x3c01, 0xc500] }), [1 + 2 ** -10, -5]);
  assert.deepEqual(biasOf({ type: "float16", dims: [2], values: [0x0001, 0x7bff], as: "typed" }), [2 ** -24, 65504]);
  assert.deepEqual(biasOf({ type: "float16", dims: [2], values: [0x8000, 0x7c00] }), [-0, Number.POSITIVE_INFINITY]);
});

test("unknown fields are skipped, graphs inside attributes are not entered", () => {
  const nested = message(field(1, text("body")), field(6, message(field(1, []))), integer(20, 5));
  const node = message(field(1, text("x")), field(2, text("y")), field(4, text("Relu")), field(5, nested), field(99, text("later")));
  const value = (name: string) => message(field(1, text(name)), field(2, message(field(1, message(integer(1, 1), field(2, message(field(1, []))))))));
  const graph = message(field(1, node), field(11, value("x")), field(12, value("y")), [...field(50, text("later")), ...FIXED32_FIELD_51]);
  const model = Uint8Array.from(message(integer(1, 8), field(7, graph), field(8, message(integer(2, 13))), integer(100, -1)));
  assert.deepEqual(
    importOnnx(model).graph.nodes.map((each) => each.op),
    ["activation"],
  );
});

test("other files are no models", () => {
  const files: Record<string, Uint8Array> = {
    empty: new Uint8Array(0),
    text: new TextEncoder().encode("This is a text file, and quite a long one at that."),
    json: new TextEncoder().encode('{"nodes": []}'),
    png: Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    gzip: Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0),
    zeros: new Uint8Array(100),
    "model without a graph": Uint8Array.from(integer(1, 8)),
  };
  for (const [name, bytes] of Object.entries(files)) assert.equal(failure(bytes).code, "not-a-model", name);
});

test("a file cut anywhere is refused", () => {
  const bytes = buildModel({ ...ADD, initializers: { c: { dims: [2], values: [1, 2] } } });
  for (let length = 0; length < bytes.length; length++) {
    let error: LoadError | undefined;
    try {
      importOnnx(bytes.subarray(0, length));
    } catch (caught) {
      assert.ok(caught instanceof LoadError, `cut at ${length}: ${caught}`);
      error = caught;
    }
    // A cut between fields after the graph loses the opset imports: then the opset is unknown.
    assert.ok(error, `cut at ${length} of ${bytes.length}`);
  }
});

test("damage is told with its place", () => {
  const graphOf = (...parts: number[][]) => Uint8Array.from(message(integer(1, 8), field(7, message(...parts)), field(8, message(integer(2, 13)))));
  assert.match(failure(graphOf([(1 << 3) | 2, 0xff, 0x7f])).message, /in the graph, at byte \d+, 16383 bytes are announced/);
  assert.match(failure(graphOf(field(1, [0x0f]))).message, /in node 0, at byte \d+/);
  assert.match(failure(graphOf(field(1, integer(4, 7)))).message, /field 4 has wire type 0 where 2 is expected/);
  assert.match(failure(graphOf(field(5, new Array(12).fill(0xff)))).message, /initializer 0.*longer than ten bytes/);
  assert.match(failure(graphOf(field(5, field(1, [0x80])))).message, /initializer 0.*cut off/);
});

test("initializers that contradict their shape are refused", () => {
  const cases: [Omit<TensorSpec, "name">, RegExp][] = [
    [{ dims: [3], values: [1, 2] }, /initializer "c" holds 2 values but its shape is \[3\]/],
    [{ dims: [-2], values: [] }, /its shape is \[-2\]/],
    [{ dims: [2 ** 40, 2 ** 40], values: [1] }, /holds 1 values/],
    [{ dims: new Array(100).fill(1), values: [1] }, /has 100 dimensions/],
  ];
  for (const [tensor, message] of cases) assert.throws(() => importOnnx(buildModel({ ...ADD, initializers: { c: tensor } })), message);
});

test("numbers in a separate file are read from it, and only from within it and the model's folder", () => {
  const model = (external: Record<string, string>) => buildModel({ ...ADD, initializers: { c: { dims: [2], values: [], external } } });
  const files = new Map([["w/data.bin", new Uint8Array(Float32Array.of(9, 3, 4).buffer)]]);
  const there = model({ location: "w/data.bin", offset: "4", length: "8" });
  assert.deepEqual(listExternalFiles(there), ["w/data.bin"]);
  const { graph } = importOnnx(there, { files });
  assert.ok(graph.nodes[0]?.op === "affine" && [...(graph.nodes[0].attrs.bias as Float32Array)].join() === "3,4");
  assert.throws(() => importOnnx(there), /initializer "c" is kept in the file "w\/data\.bin", which is not there; put it beside the model/);
  const refused: [Record<string, string>, RegExp][] = [
    [{ location: "w/data.bin", offset: "8", length: "8" }, /bytes 8 to 16 of "w\/data\.bin", which has 12/],
    [{ location: "w/data.bin", offset: "-4", length: "8" }, /bytes -4 to 4/],
    [{ location: "w/data.bin", offset: "x" }, /bytes NaN to 12/],
    [{ location: "w/data.bin" }, /holds 3 values but its shape is \[2\]/],
  ];
  for (const [external, message] of refused) assert.throws(() => importOnnx(model(external), { files }), message);
  for (const location of ["../data.bin", "/etc/passwd", "a/../../b", "C:\\x", "..\\x", "https://x", ""]) {
    assert.throws(() => listExternalFiles(model({ location })), /not beside the model/, location);
    assert.throws(() => importOnnx(model({ location }), { files: new Map([[location, new Uint8Array(8)]]) }), /not beside the model/, location);
  }
});

test("a flood of empty nodes is refused", () => {
  const nodes = new Array<number>(400_100).fill(0).map((_, i) => (i % 2 === 0 ? (1 << 3) | 2 : 0));
  const length = [(nodes.length & 0x7f) | 0x80, ((nodes.length >> 7) & 0x7f) | 0x80, nodes.length >> 14];
  const bytes = Uint8Array.from(message(integer(1, 8), [(7 << 3) | 2, ...length], nodes));
  assert.equal(failure(bytes).code, "too-large");
});
