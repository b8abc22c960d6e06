// The reader of the file's tables against the official FlatBuffers code: what flatc's builders write must read as
// flatc's accessors say, and what is broken on purpose must be refused.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Builder, ByteBuffer } from "flatbuffers";
import { HEADER_BYTES, parseHeader } from "../../src/format/header.ts";
import { readTables } from "../../src/format/tables.ts";
import { writeModel } from "../../src/format/write.ts";
import { LoadError } from "../../src/graph/errors.ts";
import { everyOpGraph } from "../support/every-op.ts";
import * as stored from "./generated/hybit.ts";

const file = writeModel(everyOpGraph());
const { graphBytes, dataBytes } = parseHeader(file);
const graph = file.subarray(HEADER_BYTES, HEADER_BYTES + graphBytes);

/** A model with one value and no nodes, made by flatc's code; `edit` may add to its tables. */
function build(parts: { value?: (builder: Builder) => void; model?: (builder: Builder) => void; identifier?: string } = {}): Uint8Array {
  const builder = new Builder(256);
  const name = builder.createString("x");
  const shape = stored.Value.createShapeVector(builder, [1]);
  stored.Value.startValue(builder);
  stored.Value.addName(builder, name);
  stored.Value.addShape(builder, shape);
  parts.value?.(builder);
  const value = stored.Value.endValue(builder);
  const values = stored.Model.createValuesVector(builder, [value]);
  const nodes = stored.Model.createNodesVector(builder, []);
  const inputs = stored.Model.createInputsVector(builder, [0]);
  stored.Model.startModel(builder);
  stored.Model.addValues(builder, values);
  stored.Model.addNodes(builder, nodes);
  stored.Model.addInputs(builder, inputs);
  stored.Model.addOutputs(builder, inputs);
  parts.model?.(builder);
  builder.finish(stored.Model.endModel(builder), parts.identifier ?? "HYBT");
  return builder.asUint8Array();
}

test("what is read equals what flatc's accessors read", () => {
  const ours = readTables(graph, dataBytes);
  const theirs = stored.Model.getRootAsModel(new ByteBuffer(graph));
  assert.equal(theirs.nodesLength(), ours.nodes.length);
  ours.nodes.forEach((node, i) => {
    const their = theirs.nodes(i) as stored.Node;
    assert.deepEqual([their.name(), their.note() ?? undefined, [...their.inputsArray()]], [node.name, node.note, node.inputs]);
    assert.equal(stored.Op[their.opType()]?.toLowerCase(), node.opType);
  });
  const conv = theirs.nodes(0)?.op(new stored.Conv2d()) as stored.Conv2d;
  const ourConv = ours.nodes[0]?.op as {
    window: object;
    weights: { data: object; bias: object; alpha?: object };
    groups: number;
    outChannels: number;
  };
  const span = (theirSpan: stored.Span | null) => (theirSpan ? { offset: theirSpan.offset(), bytes: theirSpan.bytes() } : undefined);
  assert.deepEqual(span(conv.weights()?.data() ?? null), ourConv.weights.data);
  assert.deepEqual(span(conv.weights()?.bias() ?? null), ourConv.weights.bias);
  assert.equal(span(conv.weights()?.alpha() ?? null), ourConv.weights.alpha);
  assert.deepEqual([conv.groups(), conv.outChannels(), conv.window()?.kernelW()], [ourConv.groups, ourConv.outChannels, 3]);
  const metadata = theirs.metadata() as stored.Metadata;
  assert.deepEqual([metadata.labels(2), metadata.preprocess()?.std(2), metadata.entriesLength()], [ours.metadata?.labels[2], 2, 2]);
});

test("a graph of flatc's builders is read, with every default", () => {
  assert.deepEqual(readTables(build(), 0), {
    schemaVersion: 1,
    values: [{ name: "x", type: "f32", shape: [1] }],
    nodes: [],
    inputs: [0],
    outputs: [0],
  });
});

test("a field of a newer schema is passed over", () => {
  const builder = new Builder(64);
  const empty = builder.createString("");
  builder.startVector(4, 0, 4);
  const none = builder.endVector();
  builder.startObject(9);
  for (const slot of [2, 3, 4, 5]) builder.addFieldOffset(slot, none, 0);
  builder.addFieldOffset(8, empty, 0);
  builder.finish(builder.endObject(), "HYBT");
  // Four fields point to one empty vector: 4 times 4 bytes are claimed, which the unused string makes up for.
  assert.deepEqual(readTables(builder.asUint8Array(), 0).values, []);
});

test("tables that are broken on purpose are refused", () => {
  const word = (bytes: Uint8Array, at: number, value: number) => {
    const copy = bytes.slice();
    new DataView(copy.buffer).setUint32(at, value, true);
    return copy;
  };
  const root = new DataView(graph.buffer, graph.byteOffset).getUint32(0, true);
  const manyNames = () => {
    const builder = new Builder(64);
    const long = builder.createString("x".repeat(100));
    const labels = stored.Metadata.createLabelsVector(builder, new Array(50).fill(long));
    stored.Metadata.startMetadata(builder);
    stored.Metadata.addLabels(builder, labels);
    const metadata = stored.Metadata.endMetadata(builder);
    const none = stored.Model.createInputsVector(builder, []);
    stored.Model.startModel(builder);
    stored.Model.addMetadata(builder, metadata);
    for (const add of [stored.Model.addValues, stored.Model.addNodes, stored.Model.addInputs, stored.Model.addOutputs]) add(builder, none);
    builder.finish(stored.Model.endModel(builder), "HYBT");
    return builder.asUint8Array();
  };
  const withSpan = (offset: number, bytes: number) =>
    build({ value: (builder) => stored.Value.addConstant(builder, stored.Span.createSpan(builder, offset, bytes)) });

  const cases: [what: string, bytes: () => Uint8Array, code: string, sentence: RegExp][] = [
    ["nothing", () => new Uint8Array(0), "invalid", /identifier/],
    ["another identifier", () => build({ identifier: "XXXX" }), "invalid", /identifier/],
    ["a root outside", () => word(graph, 0, 0x7ffffff0), "invalid", /points outside the graph/],
    ["an unaligned root", () => word(graph, 0, root + 2), "invalid", /points outside the graph/],
    ["a field list before the graph", () => word(graph, root, root + 4), "invalid", /has fields outside/],
    ["a field list after the graph", () => word(graph, root, -graph.length), "invalid", /has fields outside/],
    ["fields that share bytes", manyNames, "invalid", /labels\[\d+\] shares its bytes/],
    [
      "an element type of tomorrow",
      () => build({ value: (builder) => builder.addFieldInt8(1, 3, 0) }),
      "unsupported",
      /values\[0\]\.type is 3 .* knows 0 to 2/,
    ],
    ["a constant outside the data", () => withSpan(16, 992), "invalid", /values\[0\]\.constant is bytes 16 to 1008/],
    ["a constant that wraps around", () => withSpan(0xfffffff0, 0x20), "invalid", /which is empty, outside/],
    ["a constant off its alignment", () => withSpan(8, 8), "invalid", /multiple of 16/],
    ["a constant of nothing", () => withSpan(16, 0), "invalid", /which is empty/],
  ];
  const failures = cases.flatMap(([what, bytes, code, sentence]) => {
    try {
      readTables(bytes(), 1000);
      return `${what}: was accepted`;
    } catch (error) {
      const isRight = error instanceof LoadError && error.code === code && sentence.test(error.message);
      return isRight ? [] : `${what}: ${error}`;
    }
  });
  assert.deepEqual(failures, []);
});

test("constants that overlap are refused", () => {
  const spans = readTables(graph, dataBytes).nodes.flatMap(({ op }) => Object.values(op).filter((field) => field?.bytes));
  const [first, second] = spans as { offset: number; bytes: number }[];
  // The second constant's offset is found in the graph by its value and set to the first one's.
  const view = new DataView(graph.slice().buffer);
  for (let at = 0; at < graph.length - 7; at += 4) {
    if (view.getUint32(at, true) === second?.offset && view.getUint32(at + 4, true) === second?.bytes) view.setUint32(at, first?.offset ?? 0, true);
  }
  assert.throws(() => readTables(new Uint8Array(view.buffer), dataBytes), /overlaps .* in the data section/);
});
