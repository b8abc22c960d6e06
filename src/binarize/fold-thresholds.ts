// Folds what stands before a sign into one compare per channel, and moves the sign up to where its values are made:
//   layer -> {affine, relu, clip, prelu, max pool, ...} -> sign   becomes   layer with thresholds -> max pool on bits
// With binary inputs and +-alpha weights the compare is on the integer dot product, otherwise on the real output.
// Derivation, and what cannot be folded: docs/binary-math.md, sections 4 and 5.
import type { Thresholds, Weights } from "../graph/attributes.ts";
import { countWords, type Node, type Numbers } from "../graph/graph.ts";
import { hasIntegerSums } from "../ops/layer.ts";
import { filterShape } from "../ops/layer-kind.ts";
import { findFloatThreshold, findThreshold, type Threshold } from "./bisect.ts";
import { type Chain, type LayerNode, type Move, readChain } from "./chain.ts";
import type { Draft } from "./draft.ts";
import { explain, type PassContext, spellOp } from "./pass.ts";

export function foldThresholds(draft: Draft, context: PassContext): void {
  for (const binarize of draft.nodes.filter((node) => node.op === "binarize")) {
    if (binarize.op !== "binarize") continue;
    const chain = readChain(draft, binarize);
    if (chain.layer === undefined) binarize.note = `not folded into a layer: ${chain.stop}`;
    if (chain.layer === undefined && chain.functions.length + chain.moves.length === 0) continue;
    rewrite(draft, chain, context);
  }
}

function rewrite(draft: Draft, chain: Chain, context: PassContext): void {
  const { binarize, layer, source } = chain;
  for (const node of [...chain.functions, ...chain.moves.map((move) => move.node), binarize]) draft.remove(node);
  const made = draft.outputOf(binarize);
  const { name } = draft.value(made);
  // Every link of the new chain gets its own value of bits; the last one is the value the sign made.
  const newBits = (shapedLike: number, isLast: boolean) => (isLast ? made : draft.addValue(`${name}_early`, "bits", draft.shapeOf(shapedLike)));

  let current = newBits(source, chain.moves.length === 0);
  if (layer === undefined) {
    const thresholds = isPlainSign(chain) ? undefined : realThresholds(chain.channels, chain.isPlus);
    draft.addNode({ ...binarize, attrs: { thresholds }, inputs: [source], outputs: [current] });
  } else {
    setThresholds(layer, chain);
    layer.outputs = [current];
    explain(context, layer.name, { output: describe(layer, chain) });
  }
  chain.moves.forEach((move, index) => {
    const next = newBits(draft.outputOf(move.node), index === chain.moves.length - 1);
    draft.addNode(onBits(move, current, next));
    current = next;
  });
}

/** A chain of moves only leaves a sign as it was. */
function isPlainSign({ functions, binarize }: Chain): boolean {
  return functions.length === 0 && binarize.attrs.thresholds === undefined;
}

function onBits({ node, reversed, bit }: Move, input: number, output: number): Node<Numbers> {
  const ends = { inputs: [input], outputs: [output] };
  if (node.op === "maxpool") return { ...node, ...ends, attrs: { ...node.attrs, minMask: packFlags(reversed) } };
  if (node.op === "pad") return { ...node, ...ends, attrs: { ...node.attrs, value: bit } };
  return { ...node, ...ends };
}

function setThresholds(layer: LayerNode, { isPlus }: Chain): void {
  const thresholds = layerThresholds(layer, isPlus);
  // The bias is inside the thresholds now.
  const weights: Weights<Numbers> = { ...layer.attrs.weights, bias: undefined };
  if (layer.op === "conv2d") layer.attrs = { ...layer.attrs, weights, thresholds };
  else layer.attrs = { ...layer.attrs, weights, thresholds };
}

function layerThresholds({ attrs }: LayerNode, isPlus: (v: number, channel: number) => boolean): Thresholds<Numbers> {
  const { filters, taps, channels } = filterShape(attrs);
  const { alpha, bias } = attrs.weights;
  const biasOf = (o: number) => bias?.[o] ?? 0;
  if (!hasIntegerSums(attrs)) return realThresholds(filters, (y, o) => isPlus(y + biasOf(o), o));
  const most = taps * channels;
  const found = Array.from({ length: filters }, (_, o) => findThreshold(-most, most, (dot) => isPlus((alpha?.[o] ?? 0) * dot + biasOf(o), o)));
  return pack(found, Int32Array);
}

function realThresholds(channels: number, isPlus: (v: number, channel: number) => boolean): Thresholds<Numbers> {
  const found = Array.from({ length: channels }, (_, c) => findFloatThreshold((v) => isPlus(v, c)));
  return pack(found, Float32Array);
}

function pack(found: readonly Threshold[], Values: Int32ArrayConstructor | Float32ArrayConstructor): Thresholds<Numbers> {
  return { values: new Values(found.map(({ value }) => value)), flips: packFlags(found.map(({ flip }) => flip)) };
}

/** One bit per channel; undefined, the schema's default, when none is set. */
function packFlags(flags: readonly boolean[]): Uint32Array | undefined {
  if (!flags.includes(true)) return undefined;
  const words = new Uint32Array(countWords(flags.length));
  flags.forEach((flag, c) => {
    if (flag) words[c >> 5] = ((words[c >> 5] ?? 0) | (1 << (c & 31))) >>> 0;
  });
  return words;
}

function describe(layer: LayerNode, { functions, moves }: Chain): string {
  const folded = [...functions.map(spellOp), "sign"].join(", ");
  const later = moves.length === 0 ? "" : `; ${moves.map(({ node }) => node.op).join(", ")} on bits`;
  return `output is bits: ${folded} folded into ${hasIntegerSums(layer.attrs) ? "integer" : "real"} thresholds${later}`;
}
