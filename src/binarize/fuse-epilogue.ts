// Gives a layer what follows it: residual additions, ReLUs, PReLUs, clips, affines and the sign become the layer's epilogue,
// so that nobody reads and writes the activations once more for their sake. One node after the other is taken, as long as
// nobody else reads the value in between and the stages stay in the order of docs/binary-math.md, section 8.
import type { Epilogue, Thresholds } from "../graph/attributes.ts";
import type { Node, NodeOf, Numbers } from "../graph/graph.ts";
import { filterShape, NO_LIMIT, spellStages } from "../ops/layer-kind.ts";
import type { LayerNode } from "./chain.ts";
import { add, isAll, toBiases } from "./channel-affine.ts";
import type { Draft } from "./draft.ts";
import { explain, type PassContext } from "./pass.ts";

/** Places of the stages; each is taken at most once, and in this order. */
const FIRST = 1;
const SLOPE = 2;
const CLIP = 3;
const AFFINE = 4;
const LAST = 5;

/** What has been taken so far. */
interface Fused {
  epilogue: Epilogue<Numbers>;
  /** Place of the last stage taken. */
  place: number;
  /** Added to the layer's bias. */
  shift?: Numbers;
  residual?: number;
  thresholds?: Thresholds<Numbers>;
}

export function fuseEpilogue(draft: Draft, context: PassContext): void {
  // Backwards: of two layers whose outputs are added, the later one adds, when the other's output is there.
  for (const layer of draft.nodes.toReversed()) {
    if (layer.op !== "conv2d" && layer.op !== "dense") continue;
    if (layer.attrs.thresholds === undefined && layer.attrs.epilogue === undefined) fuseInto(draft, layer, context);
  }
}

function fuseInto(draft: Draft, layer: LayerNode, context: PassContext): void {
  let fused: Fused = { epilogue: { hasResidual: false, addsLast: false, low: 0, high: 0 }, place: 0 };
  let isFused = false;
  for (;;) {
    const value = draft.outputOf(layer);
    const [node] = draft.consumersOf(value);
    if (node === undefined || !draft.isPrivate(value)) break;
    const next = take(draft, layer, node, fused);
    if (next === undefined) break;
    fused = next;
    isFused = true;
    draft.remove(node);
    layer.outputs = [...node.outputs];
    if (fused.thresholds) break;
  }
  if (!isFused) return;
  const { epilogue, shift, residual, thresholds } = fused;
  const weights = shift ? { ...layer.attrs.weights, bias: shift } : layer.attrs.weights;
  if (layer.op === "conv2d") layer.attrs = { ...layer.attrs, weights, thresholds, epilogue };
  else layer.attrs = { ...layer.attrs, weights, thresholds, epilogue };
  if (residual !== undefined) layer.inputs.push(residual);
  explain(context, layer.name, { fused: `the layer itself does ${[...spellStages(epilogue), ...(thresholds ? ["sign"] : [])].join(", ")}` });
}

/** Take one more node; undefined when it must stay. */
function take(draft: Draft, layer: LayerNode, node: Node<Numbers>, fused: Fused): Fused | undefined {
  if (node.op === "elementwise") return takeAdd(draft, layer, node, fused);
  if (node.op === "activation") return takeActivation(layer, node, fused);
  // Constants per channel belong to dimension 1, which is not the filters' when a dense layer has several rows per image.
  if (layer.op === "dense" && draft.shapeOf(draft.outputOf(layer)).length !== 2) return undefined;
  if (node.op === "prelu") return takePrelu(layer, node, fused);
  if (node.op === "affine") return takeAffine(node, fused);
  if (node.op !== "binarize") return undefined;
  return { ...fused, thresholds: node.attrs.thresholds ?? { values: new Float32Array(filterShape(layer.attrs).filters) } };
}

function takeAdd(draft: Draft, layer: LayerNode, node: NodeOf<"elementwise", Numbers>, fused: Fused): Fused | undefined {
  const value = draft.outputOf(layer);
  const residual = node.inputs.find((input) => input !== value);
  const place = fused.place < FIRST ? FIRST : LAST;
  if (node.attrs.kind !== "add" || residual === undefined || fused.epilogue.hasResidual || fused.place >= place) return undefined;
  const shapes = [value, residual, draft.outputOf(node)].map((index) => draft.shapeOf(index).join());
  if (draft.value(residual).constant !== undefined || new Set(shapes).size !== 1) return undefined;
  return { ...fused, place, residual, epilogue: { ...fused.epilogue, hasResidual: true, addsLast: place === LAST } };
}

function takeActivation(layer: LayerNode, { attrs }: NodeOf<"activation", Numbers>, fused: Fused): Fused | undefined {
  const { kind, alpha, beta } = attrs;
  if (kind === "leaky-relu" && fused.place < SLOPE) {
    const slope = new Float32Array(filterShape(layer.attrs).filters).fill(alpha);
    return { ...fused, place: SLOPE, epilogue: { ...fused.epilogue, slope } };
  }
  if ((kind !== "relu" && kind !== "clip") || fused.place >= CLIP) return undefined;
  const [low, high] = kind === "relu" ? [0, NO_LIMIT] : [Math.fround(alpha), Math.fround(beta)];
  // A clip to one value is rare, and low < high says that there is a clip.
  return low < high ? { ...fused, place: CLIP, epilogue: { ...fused.epilogue, low, high } } : undefined;
}

function takePrelu(layer: LayerNode, { attrs }: NodeOf<"prelu", Numbers>, fused: Fused): Fused | undefined {
  const { slope, shiftIn, shiftOut: bias } = attrs;
  if (fused.place >= SLOPE) return undefined;
  // The shift before it is one with the layer's bias: nothing but additions comes in between.
  const shift = shiftIn && toBiases(add(layer.attrs.weights.bias ?? [], shiftIn));
  if (shiftIn && shift === undefined) return undefined;
  return { ...fused, place: bias ? AFFINE : SLOPE, shift, epilogue: { ...fused.epilogue, slope, bias } };
}

function takeAffine({ attrs }: NodeOf<"affine", Numbers>, fused: Fused): Fused | undefined {
  if (fused.place >= AFFINE) return undefined;
  const scale = isAll(attrs.scale, 1) ? undefined : attrs.scale;
  const bias = isAll(attrs.bias, 0) ? undefined : attrs.bias;
  return { ...fused, place: AFFINE, epilogue: { ...fused.epilogue, scale, bias } };
}
