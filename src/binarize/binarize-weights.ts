// Replaces real weights of chosen conv2d and dense layers by their nearest binary form, on request: what recognize-weights then
// stores as bits. A layer that becomes a sum of planes is as many layers, whose outputs are added. Changes the net; without training
// its accuracy may be lost. Refuses unknown layers and weights that are not finite.
import { LoadError } from "../graph/errors.ts";
import type { Node, Numbers } from "../graph/graph.ts";
import { filterShape } from "../ops/layer-kind.ts";
import {
  type Approximation,
  approximateByBits,
  approximateByPlanes,
  approximateByReleasedTwoLevels,
  approximateBySign,
  approximateByTwoLevels,
  type Planes as SignPlanes,
} from "./approximate.ts";
import type { LayerNode } from "./chain.ts";
import type { Draft } from "./draft.ts";
import { DEFAULT_TOLERANCE, findLevels, LEAST_WEIGHTS } from "./levels.ts";
import { explain, type Pass } from "./pass.ts";
import { type Part, replaceBySum } from "./sum-of-layers.ts";

/** What a filter becomes: levels and mask of each plane. */
type Planes = Pick<Approximation, "low" | "high" | "mask">[];

type Method = (filter: Float32Array) => { planes: Planes; squaredError: number };

const METHODS = {
  sign: inOnePlane(approximateBySign),
  "two-level": inOnePlane(approximateByTwoLevels),
  "two-level-released": inOnePlane(approximateByReleasedTwoLevels),
  "2-planes": toPlanes((filter) => approximateByPlanes(filter, 2)),
  "3-planes": toPlanes((filter) => approximateByPlanes(filter, 3)),
  "8-bit": toPlanes((filter) => approximateByBits(filter, 8)),
} satisfies Record<string, Method>;

/** A way to make real weights binary: one sign or two levels a filter, or a sum of several. */
export type WeightBinarization = keyof typeof METHODS;

/** All ways, by name. */
export const WEIGHT_BINARIZATIONS = Object.keys(METHODS) as WeightBinarization[];

function inOnePlane(approximate: (filter: Float32Array) => Approximation): Method {
  return (filter) => {
    const { squaredError, ...plane } = approximate(filter);
    return { planes: [plane], squaredError };
  };
}

function toPlanes(approximate: (filter: Float32Array) => SignPlanes): Method {
  return (filter) => {
    const { planes, squaredError } = approximate(filter);
    return { planes: planes.map(({ alpha, mask }) => ({ low: -alpha, high: alpha, mask })), squaredError };
  };
}

/** What is done to a binarized layer's outputs: y = scale[c] x + bias[c]. */
export interface Correction {
  scale: Float32Array;
  bias: Float32Array;
}

/** List the layers with real weights that have these names; without names, of all but the first and the last. Throws LoadError. */
export function listChosen(nodes: readonly Node<Numbers>[], names?: readonly string[]): LayerNode[] {
  const layers = nodes.filter((node) => node.op === "conv2d" || node.op === "dense");
  const known = layers.map(({ name }) => name);
  for (const name of names ?? []) {
    const layer = layers.find((other) => other.name === name);
    if (layer === undefined) throw new LoadError("invalid", `there is no layer "${name}" to binarize; the layers are ${known.join(", ")}`);
    if (isBinary(layer)) throw new LoadError("invalid", `the layer "${name}" has binary weights already; leave it out`);
  }
  const chosen = new Set(names ?? known.slice(1, -1));
  return layers.filter((layer) => chosen.has(layer.name) && !isBinary(layer));
}

/** Its filters have two values each, which recognize-weights will see. */
function isBinary({ attrs }: LayerNode): boolean {
  if (attrs.weights.kind !== "float") return true;
  const { filters, taps, channels } = filterShape(attrs);
  const elems = taps * channels;
  const data = attrs.weights.data as Float32Array;
  const isOf2 = (o: number) => findLevels(data.subarray(o * elems, (o + 1) * elems), DEFAULT_TOLERANCE) !== undefined;
  return elems >= LEAST_WEIGHTS && Array.from({ length: filters }, (_, o) => o).every(isOf2);
}

/** Make the pass; corrections are by layer name. */
export function binarizeWeights(method: WeightBinarization, names?: readonly string[], corrections?: ReadonlyMap<string, Correction>): Pass {
  return (draft, context) => {
    for (const node of listChosen(draft.nodes, names)) {
      const { planes, lost } = approximate(node, METHODS[method]);
      const correction = corrections?.get(node.name);
      const becomes = planes.length > 1 ? `a sum of ${planes.length} binary layers` : "weights binarized";
      const norms = correction ? ", its norm estimated again" : "";
      explain(context, node.name, { binarized: `${becomes} by convert: ${(100 * lost).toFixed(1)} % of their square lost${norms}` });
      if (correction) correct(draft, node, correction);
      const { bias, ...weights } = node.attrs.weights;
      const parts = planes.map((data, index) => ({
        input: draft.inputOf(node),
        weights: { ...weights, data, ...(index === 0 && bias && { bias }) },
      }));
      replaceBySum(draft, node, parts as [Part, ...Part[]], context);
    }
  };
}

/** Put an affine behind a layer. */
function correct(draft: Draft, layer: LayerNode, { scale, bias }: Correction): void {
  const result = draft.outputOf(layer);
  const made = draft.addValue(`${layer.name}_uncorrected`, "f32", draft.shapeOf(result));
  draft.addNode({ name: `${layer.name}_norm`, op: "affine", attrs: { scale, bias }, inputs: [made], outputs: [result] });
  layer.outputs = [made];
}

/** The layer's weights in each plane, and the share of their square that is lost. */
function approximate({ attrs, name }: LayerNode, method: Method): { planes: Float32Array[]; lost: number } {
  const data = attrs.weights.data as Float32Array;
  if (!data.every(Number.isFinite)) throw new LoadError("invalid", "its weights are not all finite, so they cannot be binarized", name);
  const { filters, taps, channels } = filterShape(attrs);
  const filterElems = taps * channels;
  const result: Float32Array[] = [];
  let error = 0;
  for (let o = 0; o < filters; o++) {
    const start = o * filterElems;
    const { planes, squaredError } = method(data.subarray(start, start + filterElems));
    planes.forEach(({ low, high, mask }, plane) => {
      result[plane] ??= new Float32Array(data.length);
      for (let i = 0; i < filterElems; i++) (result[plane] as Float32Array)[start + i] = mask[i] === 1 ? low : high;
    });
    error += squaredError;
  }
  const square = data.reduce((sum, weight) => sum + weight * weight, 0);
  return { planes: result, lost: square === 0 ? 0 : error / square };
}
