// Folds the affines that are left (batch-norm, biases, added constants) into the layer before them, in double, and
// affines that only shift into a neighbouring PReLU. Only when nobody else reads the value in between. Runs after
// thresholds are folded, which are then decided from unrounded parameters. Never moves an affine forward into a
// convolution: with zero padding its bias would be missing at the border (docs/binary-math.md, section 3).
import type { Weights } from "../graph/attributes.ts";
import type { Node, NodeOf, Numbers } from "../graph/graph.ts";
import { add, isAll, multiply, toBiases, toFloats } from "./channel-affine.ts";
import type { Draft } from "./draft.ts";

export function foldBatchnorm(draft: Draft): void {
  for (const node of [...draft.nodes]) {
    if (node.op !== "affine") continue;
    const isFolded = foldIntoLayer(draft, node) || foldIntoPreluBefore(draft, node) || foldIntoPreluAfter(draft, node);
    if (isFolded) draft.remove(node);
  }
}

/** The node before makes what the affine made. */
function takeOver(draft: Draft, before: Node<Numbers>, affine: Node<Numbers>): void {
  before.outputs = [draft.outputOf(affine)];
}

function foldIntoLayer(draft: Draft, affine: NodeOf<"affine", Numbers>): boolean {
  const layer = draft.producerOf(draft.inputOf(affine));
  if ((layer?.op !== "conv2d" && layer?.op !== "dense") || layer.attrs.thresholds || layer.attrs.epilogue || !draft.isPrivate(draft.inputOf(affine)))
    return false;
  if (layer.op === "dense" && draft.shapeOf(draft.outputOf(layer)).length !== 2) return false;
  const weights = scaleWeights(layer.attrs.weights, affine.attrs.scale, affine.attrs.bias);
  if (weights === undefined) return false;
  if (layer.op === "conv2d") layer.attrs = { ...layer.attrs, weights };
  else layer.attrs = { ...layer.attrs, weights };
  takeOver(draft, layer, affine);
  return true;
}

/** scale (w x + bias) + shift: float weights are scaled, weights of bits have their levels scaled. */
function scaleWeights(weights: Weights<Numbers>, scale: Numbers, shift: Numbers): Weights<Numbers> | undefined {
  const bias = toBiases(add(multiply(weights.bias, scale), shift));
  if (bias === undefined) return undefined;
  if (weights.kind === "float") {
    const filterElems = weights.data.length / scale.length;
    const scaled = Float64Array.from(weights.data as Float32Array);
    for (let index = 0; index < scaled.length; index++) {
      scaled[index] = (scaled[index] as number) * (scale[Math.floor(index / filterElems)] as number);
    }
    const data = toFloats(scaled);
    return data && { ...weights, data, bias };
  }
  const alpha = toFloats(multiply(weights.alpha, scale));
  const beta = weights.beta && toFloats(multiply(weights.beta, scale));
  if (alpha === undefined || (weights.beta && beta === undefined)) return undefined;
  return { ...weights, alpha, bias, ...(beta && { beta }) };
}

/** prelu(x) + b: the shift behind an RPReLU. */
function foldIntoPreluBefore(draft: Draft, affine: NodeOf<"affine", Numbers>): boolean {
  const prelu = draft.producerOf(draft.inputOf(affine));
  if (prelu?.op !== "prelu" || !isAll(affine.attrs.scale, 1) || !draft.isPrivate(draft.inputOf(affine))) return false;
  const shiftOut = toBiases(add(prelu.attrs.shiftOut ?? [], affine.attrs.bias));
  if (shiftOut === undefined) return false;
  prelu.attrs = { ...prelu.attrs, shiftOut };
  takeOver(draft, prelu, affine);
  return true;
}

/** prelu(x + b): the shift before an RPReLU. */
function foldIntoPreluAfter(draft: Draft, affine: NodeOf<"affine", Numbers>): boolean {
  const output = draft.outputOf(affine);
  const [prelu] = draft.consumersOf(output);
  if (prelu?.op !== "prelu" || !isAll(affine.attrs.scale, 1) || !draft.isPrivate(output)) return false;
  const shiftIn = toBiases(add(prelu.attrs.shiftIn ?? [], affine.attrs.bias));
  if (shiftIn === undefined) return false;
  prelu.attrs = { ...prelu.attrs, shiftIn };
  prelu.inputs = [...affine.inputs];
  return true;
}
