// Removes what computes nothing, so that later passes meet a layer and its sign without strangers in between: moves
// that move nothing, affines that scale by 1 and add 0, doubled reshapes, transposes, affines and signs. Changes no value.
import type { Node, NodeOf, Numbers, Shape } from "../graph/graph.ts";
import { add, isAll, multiply, toBiases, toFloats } from "./channel-affine.ts";
import type { Draft } from "./draft.ts";

export function simplify(draft: Draft): void {
  let isChanged = true;
  while (isChanged) {
    isChanged = false;
    for (const node of [...draft.nodes]) {
      if (!draft.nodes.includes(node)) continue;
      const isRewritten = (computesNothing(draft, node) && draft.bypass(node)) || RULES.some((rule) => rule(draft, node));
      isChanged ||= isRewritten;
    }
  }
}

type Rule = (draft: Draft, node: Node<Numbers>) => boolean;

const RULES: readonly Rule[] = [absorbConstant, mergeAffines, mergeReshapes, mergeTransposes, mergeBinarizes];

/** True for a node whose output equals its input. */
function computesNothing(draft: Draft, node: Node<Numbers>): boolean {
  const shape = draft.shapeOf(draft.inputOf(node));
  switch (node.op) {
    case "affine":
      return isAll(node.attrs.scale, 1) && isAll(node.attrs.bias, 0);
    case "reshape":
      return isSameShape(shape, draft.shapeOf(draft.outputOf(node)));
    case "transpose":
      return node.attrs.perm.every((axis, index) => axis === index);
    case "pad":
      return isAll(node.attrs.before, 0) && isAll(node.attrs.after, 0);
    case "slice":
      return isAll(node.attrs.starts, 0) && isAll(node.attrs.steps, 1) && isSameShape(shape, draft.shapeOf(draft.outputOf(node)));
    case "concat":
      return node.inputs.length === 1;
    case "maxpool":
    case "avgpool": {
      const w = node.attrs.window;
      return (
        [w.kernelH, w.kernelW, w.strideH, w.strideW].every((n) => n === 1) && [w.padTop, w.padLeft, w.padBottom, w.padRight].every((n) => n === 0)
      );
    }
    case "binarize": // the sign of a sign
      return node.attrs.thresholds === undefined && draft.producerOf(draft.inputOf(node))?.op === "binarize";
    default:
      return false;
  }
}

function isSameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dim, axis) => dim === b[axis]);
}

/** Add or multiply by a constant per channel (or one for all) is an affine. */
function absorbConstant(draft: Draft, node: Node<Numbers>): boolean {
  if (node.op !== "elementwise" || (node.attrs.kind !== "add" && node.attrs.kind !== "mul")) return false;
  const constantAt = node.inputs.findIndex((input) => draft.value(input).constant !== undefined);
  const x = node.inputs[1 - constantAt];
  if (constantAt < 0 || x === undefined || draft.value(x).constant !== undefined) return false;
  const shape = draft.shapeOf(x);
  const channels = shape[1];
  if (channels === undefined || channels < 0 || !isSameShape(shape, draft.shapeOf(draft.outputOf(node)))) return false;
  const { constant, shape: given } = draft.value(node.inputs[constantAt] ?? -1);
  if (constant === undefined) return false;
  const axis = given.length - shape.length + 1; // where the channels are in the constant
  if (!given.every((dim, index) => dim === 1 || (index === axis && dim === channels))) return false;
  const operand = Float32Array.from({ length: channels }, (_, c) => constant[constant.length === 1 ? 0 : c] ?? 0);
  const isAdd = node.attrs.kind === "add";
  const attrs = { scale: isAdd ? operand.map(() => 1) : operand, bias: isAdd ? operand : operand.map(() => 0) };
  draft.remove(node);
  draft.addNode({ name: node.name, op: "affine", attrs, inputs: [x], outputs: node.outputs });
  return true;
}

/** s2 (s1 x + b1) + b2 = (s1 s2) x + (b1 s2 + b2). */
function mergeAffines(draft: Draft, node: Node<Numbers>): boolean {
  const before = draft.producerOf(draft.inputOf(node));
  if (node.op !== "affine" || before?.op !== "affine" || !draft.isPrivate(draft.inputOf(node))) return false;
  const scale = toFloats(multiply(before.attrs.scale, node.attrs.scale));
  const bias = toBiases(add(multiply(before.attrs.bias, node.attrs.scale), node.attrs.bias));
  if (scale === undefined || bias === undefined) return false;
  node.attrs = { scale, bias };
  node.inputs = [draft.inputOf(before)];
  draft.remove(before);
  return true;
}

function mergeReshapes(draft: Draft, node: Node<Numbers>): boolean {
  const before = draft.producerOf(draft.inputOf(node));
  if (node.op !== "reshape" || before?.op !== "reshape") return false;
  node.inputs = [draft.inputOf(before)];
  return true;
}

/** Layout changes of other frameworks come in pairs around every layer, and cancel once signs have moved. */
function mergeTransposes(draft: Draft, node: Node<Numbers>): boolean {
  const before = draft.producerOf(draft.inputOf(node));
  if (node.op !== "transpose" || before?.op !== "transpose") return false;
  const first = before.attrs.perm;
  node.attrs = { perm: node.attrs.perm.map((axis) => first[axis] ?? axis) };
  node.inputs = [draft.inputOf(before)];
  return true;
}

/** Two signs of one value are one sign; a graph output keeps its own node and name. */
function mergeBinarizes(draft: Draft, node: Node<Numbers>): boolean {
  if (!isPlainBinarize(node) || draft.isOutput(draft.outputOf(node))) return false;
  const twin = draft.consumersOf(draft.inputOf(node)).find((other) => other !== node && isPlainBinarize(other));
  if (twin === undefined) return false;
  draft.redirect(draft.outputOf(node), draft.outputOf(twin));
  draft.remove(node);
  return true;
}

function isPlainBinarize(node: Node<Numbers>): node is NodeOf<"binarize", Numbers> {
  return node.op === "binarize" && node.attrs.thresholds === undefined;
}
