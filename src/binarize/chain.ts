// The chain of nodes that ends in a sign, read upward from it: real functions, and moves (max pools, pads, reshapes, ...)
// which can be done to the bits instead. Reading stops at the layer, or at the first node that cannot be passed.
import { countElements, type Node, type NodeOf, type Numbers, type Shape } from "../graph/graph.ts";
import type { Draft } from "./draft.ts";
import { type Monotone, readMonotone } from "./monotone.ts";
import { spellNode } from "./pass.ts";

export type LayerNode = NodeOf<"conv2d", Numbers> | NodeOf<"dense", Numbers>;
type MoveNode = NodeOf<"maxpool" | "pad" | "reshape" | "transpose" | "slice", Numbers>;

/** A node of the chain that stays, working on bits. */
export interface Move {
  node: MoveNode;
  /** Maxpool: channels, as they are before the move, whose order is reversed behind it. Pad: +1 or -1. */
  reversed: boolean[];
  bit: -1 | 1;
}

export interface Chain {
  binarize: NodeOf<"binarize", Numbers>;
  /** What the chain starts from: a layer's output, or the value where reading stopped. */
  source: number;
  layer: LayerNode | undefined;
  channels: number;
  /** From source to sign. */
  functions: Node<Numbers>[];
  moves: Move[];
  /** Sign of the whole chain for a source value v: true means +1. */
  isPlus(v: number, channel: number): boolean;
  /** Why reading stopped where it did. */
  stop: string;
}

/** What is known about everything between a value and the sign's output. */
interface Tail {
  isPlus(v: number, channel: number): boolean;
  isFalling(channel: number): boolean;
  isUniform: boolean;
}

export function readChain(draft: Draft, binarize: NodeOf<"binarize", Numbers>): Chain {
  let tail = readSign(binarize);
  let source = draft.inputOf(binarize);
  const functions: Node<Numbers>[] = [];
  const moves: Move[] = [];
  const end = (stop: string, layer?: LayerNode): Chain => {
    const channels = draft.shapeOf(source)[1] ?? 0;
    return { binarize, source, layer, channels, functions, moves, isPlus: tail.isPlus, stop };
  };
  for (;;) {
    const node = draft.producerOf(source);
    if (node === undefined) return end("it reads the model's input");
    if (!draft.isPrivate(source)) return end(`the value before it, from ${spellNode(node)}, is also used elsewhere`);
    if (node.op === "conv2d" || node.op === "dense") {
      const reason = whyNoThresholds(draft, node);
      return reason === undefined ? end("", node) : end(reason);
    }
    const next = passFunction(node, tail) ?? passMove(draft, node, tail);
    if (typeof next === "string") return end(`${spellNode(node)} cannot be passed: ${next}`);
    if (next.move) moves.unshift(next.move);
    else functions.unshift(node);
    tail = next.tail;
    source = draft.inputOf(node);
  }
}

function readSign(binarize: NodeOf<"binarize", Numbers>): Tail {
  const thresholds = binarize.attrs.thresholds;
  if (thresholds === undefined) return { isPlus: (v) => !(v < 0), isFalling: () => false, isUniform: true };
  const { values, flips } = thresholds;
  const isFalling = (c: number) => (((flips?.[c >> 5] ?? 0) >>> (c & 31)) & 1) === 1;
  const isUniform = values.every((value, c) => value === values[0] && isFalling(c) === isFalling(0));
  return { isPlus: (v, c) => v < (values[c] ?? 0) === isFalling(c), isFalling, isUniform };
}

function whyNoThresholds(draft: Draft, layer: LayerNode): string | undefined {
  if (layer.attrs.epilogue) return `${layer.op} "${layer.name}" has an epilogue`;
  if (layer.inputs.length > 1) return `${layer.op} "${layer.name}" has a scale per pixel`;
  if (layer.op === "dense" && draft.shapeOf(draft.outputOf(layer)).length !== 2)
    return `the output of dense "${layer.name}" has more than one row per image`;
  return undefined;
}

interface Passed {
  tail: Tail;
  move?: Move;
}

function passFunction(node: Node<Numbers>, tail: Tail): Passed | string | undefined {
  const read: Monotone | string | undefined = readMonotone(node);
  if (read === undefined || typeof read === "string") return read;
  return {
    tail: {
      isPlus: (v, c) => tail.isPlus(read.apply(v, c), c),
      isFalling: (c) => read.isFalling(c) !== tail.isFalling(c),
      isUniform: read.isUniform && tail.isUniform,
    },
  };
}

/** A sign per channel commutes with a max pool (a min pool where the order is reversed), a pad and any move of elements. */
function passMove(draft: Draft, node: Node<Numbers>, tail: Tail): Passed | string {
  if (!isMove(node)) return "it is neither monotone nor a move";
  const before = draft.shapeOf(draft.inputOf(node));
  const channels = before[1];
  if (channels === undefined) return "its input has no channels";
  const move: Move = { node, reversed: [], bit: 1 };
  if (!keepsChannels(node, before, draft.shapeOf(draft.outputOf(node)))) {
    if (!tail.isUniform) return "it moves channels that have different thresholds behind it";
    return { tail: { isPlus: (v) => tail.isPlus(v, 0), isFalling: () => tail.isFalling(0), isUniform: true }, move };
  }
  const each = Array.from({ length: channels }, (_, c) => c);
  if (node.op === "maxpool") move.reversed = each.map(tail.isFalling);
  if (node.op === "pad") {
    const bits = new Set(each.map((c) => tail.isPlus(node.attrs.value, c)));
    if (bits.size !== 1) return "its padding has different signs in different channels";
    move.bit = bits.has(true) ? 1 : -1;
  }
  return { tail, move };
}

function isMove(node: Node<Numbers>): node is MoveNode {
  return ["maxpool", "pad", "reshape", "transpose", "slice"].includes(node.op);
}

/** True when channel c of the output is made of channel c of the input, image by image. */
function keepsChannels(node: MoveNode, before: Shape, after: Shape): boolean {
  switch (node.op) {
    case "maxpool":
      return true;
    case "transpose":
      return node.attrs.perm[0] === 0 && node.attrs.perm[1] === 1;
    case "pad":
      return [...node.attrs.before.slice(0, 2), ...node.attrs.after.slice(0, 2)].every((count) => count === 0);
    default: // an open batch of -1 may hide that pixels became images, so the pixels are compared as well
      return before[0] === after[0] && before[1] === after[1] && (node.op === "slice" || countPixels(before) === countPixels(after));
  }
}

function countPixels(shape: Shape): number {
  return countElements(shape.slice(2));
}
