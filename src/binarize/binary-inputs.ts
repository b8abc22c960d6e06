// Decides, value by value, what is held as bits, and layer by layer, whether its input is binary. Bits start at a sign
// and stay bits through moves and max pools; a layer whose weights are bits reads them as they are. Whoever needs
// real numbers gets them from one unpack node per value. Moves nothing: a sign stays where the model has it.
import type { Node, Numbers } from "../graph/graph.ts";
import type { Draft } from "./draft.ts";
import { explain, type PassContext, spellNode } from "./pass.ts";

export function proveBinaryInputs(draft: Draft, context: PassContext): void {
  for (const node of draft.nodes) {
    if (node.op === "conv2d" || node.op === "dense") decideInput(draft, node, context);
    for (const output of node.outputs) draft.value(output).type = makesBits(draft, node) ? "bits" : "f32";
  }
  draft.values.forEach((value, index) => {
    if (value.type === "bits" && value.constant === undefined) unpackFor(draft, index);
  });
}

function isBits(draft: Draft, value: number | undefined): boolean {
  return value !== undefined && draft.value(value).type === "bits";
}

/** Ops that move or select elements do it to bits as well as to floats. */
function keepsBits(node: Node<Numbers>): boolean {
  switch (node.op) {
    case "maxpool":
    case "reshape":
    case "transpose":
    case "slice":
    case "concat":
      return true;
    case "pad":
      return Math.abs(node.attrs.value) === 1;
    default:
      return false;
  }
}

function makesBits(draft: Draft, node: Node<Numbers>): boolean {
  if (node.op === "binarize") return true;
  if (node.op === "conv2d" || node.op === "dense") return node.attrs.thresholds !== undefined;
  const hasChannels = draft.shapeOf(draft.outputOf(node)).length > 1;
  return hasChannels && keepsBits(node) && node.inputs.every((input) => isBits(draft, input));
}

function decideInput(draft: Draft, node: Node<Numbers>, context: PassContext): void {
  if (node.op !== "conv2d" && node.op !== "dense") return;
  const input = draft.inputOf(node);
  const hasBitWeights = node.attrs.weights.kind !== "float";
  if (isBits(draft, input) && hasBitWeights) {
    if (node.op === "conv2d") node.attrs = { ...node.attrs, inputKind: "binary" };
    else node.attrs = { ...node.attrs, inputKind: "binary" };
  }
  explain(context, node.name, { input: describeInput(draft, input, hasBitWeights) });
}

function describeInput(draft: Draft, input: number, hasBitWeights: boolean): string {
  if (isBits(draft, input)) return hasBitWeights ? "input is binarized" : "input is binarized, but real weights read it as floats";
  const producer = draft.producerOf(input);
  if (producer === undefined) return "input is not binarized: it is the model's input";
  return `input is not binarized: its producer is ${spellNode(producer)}`;
}

/** Put an unpack node between a value held as bits and its readers that need floats. */
function unpackFor(draft: Draft, bits: number): void {
  const readers = draft.consumersOf(bits).filter((node) => !takesBits(draft, node, bits));
  const isOutput = draft.isOutput(bits);
  if (readers.length === 0 && !isOutput) return;
  const { name, shape } = draft.value(bits);
  const floats = draft.addValue(`${name}_float`, "f32", shape);
  if (isOutput) draft.outputs.splice(0, draft.outputs.length, ...draft.outputs.map((output) => (output === bits ? floats : output)));
  if (isOutput) draft.swapNames(bits, floats); // the caller knows the name, and reads floats
  for (const node of readers) node.inputs = node.inputs.map((input) => (input === bits ? floats : input));
  draft.addNode({
    name: `${draft.producerOf(bits)?.name ?? name}_unpack`,
    op: "unpack",
    attrs: {},
    inputs: [bits],
    outputs: [floats],
    note: isOutput ? "the model's caller reads floats" : `${readers.map(spellNode).join(", ")} needs floats`,
  });
}

function takesBits(draft: Draft, node: Node<Numbers>, bits: number): boolean {
  if (node.op === "conv2d" || node.op === "dense") return node.attrs.inputKind === "binary" && !node.inputs.slice(1).includes(bits);
  if (node.op === "unpack") return true;
  return node.op !== "binarize" && makesBits(draft, node);
}
