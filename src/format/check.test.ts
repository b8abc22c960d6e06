import assert from "node:assert/strict";
import { test } from "node:test";
import { everyOpGraph } from "../../tests/support/every-op.ts";
import { LoadError } from "../graph/errors.ts";
import type { Graph, Node, Numbers, Value } from "../graph/graph.ts";
import { readModelBytes } from "./materialize.ts";
import { writeModel } from "./write.ts";

type Case = [what: string, edit: (graph: Graph<Numbers>) => void, sentence: RegExp];

/** The first node of an op, loosely typed: tests break its attributes. */
function attrsOf(graph: Graph<Numbers>, op: Node["op"]): Record<string, unknown> {
  return graph.nodes.find((node) => node.op === op)?.attrs as Record<string, unknown>;
}
function value(graph: Graph<Numbers>, index: number): Value<Numbers> {
  return graph.values[index] as Value<Numbers>;
}
function node(graph: Graph<Numbers>, index: number): Node<Numbers> {
  return graph.nodes[index] as Node<Numbers>;
}

const CASES: Case[] = [
  ["two values of one name", (graph) => (value(graph, 1).name = "picture"), /value name "picture" is .*used twice/],
  ["a value without name", (graph) => (value(graph, 1).name = ""), /value name "" is empty/],
  ["a name without end", (graph) => (value(graph, 1).name = "x".repeat(1025)), /x" is empty, used twice, or longer than 1024/],
  ["two nodes of one name", (graph) => (node(graph, 1).name = node(graph, 0).name), /node name "conv2d0" is .*used twice/],
  ["no dimensions", (graph) => (value(graph, 0).shape = []), /1 to 8 dimensions/],
  ["nine dimensions", (graph) => (value(graph, 0).shape = [1, 1, 1, 1, 1, 1, 1, 1, 1]), /1 to 8 dimensions/],
  ["an unknown width", (graph) => (value(graph, 0).shape = [-1, 3, 8, -1]), /-1 is for the batch only/],
  ["a dimension of 0", (graph) => (value(graph, 0).shape = [-1, 0, 8, 8]), /must be positive/],
  ["a dimension of -2", (graph) => (value(graph, 0).shape = [-2, 3, 8, 8]), /must be positive/],
  ["a product that overflows", (graph) => (value(graph, 0).shape = [-1, 2 ** 16, 2 ** 16, 2 ** 16]), /cannot be addressed/],
  ["bits without channels", (graph) => Object.assign(value(graph, 0), { type: "bits", shape: [8] }), /bits at least 2/],
  ["an input that is not there", (graph) => graph.inputs.push(999), /graph input is value 999 but there are only/],
  ["an input listed twice", (graph) => graph.inputs.push(0), /value 0 "picture" is defined twice, again as graph input/],
  ["a constant that is an input", (graph) => graph.inputs.push(graph.values.findIndex((v) => v.constant)), /"offsets" is defined twice/],
  [
    "a constant of unknown batch",
    (graph) =>
      (value(
        graph,
        graph.values.findIndex((v) => v.constant),
      ).shape = [-1, 5]),
    /dimensions must be positive/,
  ],
  [
    "a constant too short",
    (graph) =>
      (value(
        graph,
        graph.values.findIndex((v) => v.constant),
      ).constant = new Float32Array(4)),
    /16 bytes but must have 20/,
  ],
  ["no outputs", (graph) => (graph.outputs = []), /no outputs/],
  ["an output that is an input", (graph) => (graph.outputs = [0]), /"picture" is not made by a node/],
  ["an output listed twice", (graph) => graph.outputs.push(graph.outputs[0] as number), /listed twice/],
  ["an output that is not there", (graph) => (graph.outputs = [999]), /graph output value 999 is not made/],
  ["a value nobody makes", (graph) => graph.values.push({ name: "lost", type: "f32", shape: [1] }), /"lost" is no input/],
  ["a node before its input", (graph) => graph.nodes.reverse(), /does not exist yet/],
  ["a cycle", (graph) => (node(graph, 1).inputs = [...node(graph, 2).outputs]), /in node "affine1".*does not exist yet/],
  ["a node that reads what is not there", (graph) => (node(graph, 0).inputs = [999]), /value 999, does not exist/],
  ["a node without inputs", (graph) => (node(graph, 0).inputs = []), /in node "conv2d0".*has no input 0/],
  ["a node without outputs", (graph) => (node(graph, 0).outputs = []), /makes 1 output but the file lists 0/],
  ["a node that makes an input", (graph) => (node(graph, 0).outputs = [0]), /"picture" is defined twice, again as output/],
  ["two nodes that make one value", (graph) => (node(graph, 1).outputs = [...node(graph, 0).outputs]), /defined twice/],
  [
    "another output shape",
    (graph) => (value(graph, node(graph, 0).outputs[0] as number).shape = [-1, 4, 8, 7]),
    /\[1,4,8,8\] but the file says f32 \[1,4,8,7\]/,
  ],
  ["another output type", (graph) => (value(graph, node(graph, 0).outputs[0] as number).type = "bits"), /is f32 .* but the file says bits/],
  [
    "a constant of an op too short",
    (graph) => (attrsOf(graph, "affine").scale = new Float32Array(3)),
    /in node "affine1".*12 bytes but must have 16/,
  ],
  ["channels that do not fit", (graph) => (attrsOf(graph, "conv2d").inChannels = 4), /in node "conv2d0".*expect 4 channels/],
  ["a float that is not finite", (graph) => (attrsOf(graph, "lrn").alpha = Number.NaN), /nodes\[4\]\.op\.alpha is not a finite/],
  ["a picture of another size", (graph) => Object.assign(graph.metadata.preprocess ?? {}, { width: 9 }), /3x8x9 values/],
  ["a mean too few", (graph) => graph.metadata.preprocess?.mean.pop(), /3 mean\(s\)/],
  ["a deviation of zero", (graph) => Object.assign(graph.metadata.preprocess ?? {}, { std: [1, 1, 0] }), /positive std/],
];

test("a graph that breaks a rule is refused with a sentence that says which and where", () => {
  writeModel(everyOpGraph());
  const failures = CASES.flatMap(([what, edit, sentence]) => {
    const graph = everyOpGraph();
    edit(graph);
    try {
      writeModel(graph);
      return `${what}: was accepted`;
    } catch (error) {
      const isRight = error instanceof LoadError && error.code === "invalid" && sentence.test(error.message);
      return isRight ? [] : `${what}: ${error}`;
    }
  });
  assert.deepEqual(failures, []);
});

test("weights that are not finite and bits of no channel are refused when the data is read", () => {
  const cases: [op: Node["op"], path: string, name: string, word: number][] = [
    ["affine", "scale", "scale", 0x7fc00000],
    ["affine", "bias", "bias", 0xff800000],
    ["conv2d", "weights.data", "weights", 0x7f800001],
    ["maxpool", "minMask", "minimum mask", 0x10],
    ["binarize", "thresholds.flips", "threshold flips", 0x80000000],
    ["binarize", "thresholds.values", "thresholds", 0x7f800000],
  ];
  const wrong = cases.filter(([op, path, name, word]) => {
    const graph = everyOpGraph();
    const field = path.split(".").reduce<unknown>((fields, name) => (fields as Record<string, unknown>)[name], attrsOf(graph, op));
    const { buffer, byteOffset, length } = field as Numbers;
    new Uint32Array(buffer, byteOffset, length)[length - 1] = word;
    try {
      readModelBytes(writeModel(graph));
      return true;
    } catch (error) {
      return !(error instanceof LoadError && error.message.includes(`word ${length - 1} of ${name} is not finite or has bits`));
    }
  });
  assert.deepEqual(wrong, []);
});
