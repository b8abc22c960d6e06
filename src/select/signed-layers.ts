// Which layers of a float graph read signs, and of what: the candidates for real inputs. Knows how to give a layer its real input back.
import type { LayerNode } from "../binarize/chain.ts";
import { Draft } from "../binarize/draft.ts";
import { PlanError } from "../graph/errors.ts";
import type { Graph, NodeOf, Numbers } from "../graph/graph.ts";

export interface SignedLayer {
  layer: LayerNode;
  /** The one sign it reads. */
  sign: NodeOf<"binarize", Numbers>;
  /** It reads the sign itself, with no pool or pad between. */
  isDirect: boolean;
}

/** List the conv2d and dense layers whose input is one sign, as far as moves of elements lead back to one. */
export function listSignedLayers(graph: Graph<Numbers>): SignedLayer[] {
  const draft = new Draft(graph);
  return draft.nodes.flatMap((layer) => {
    if (layer.op !== "conv2d" && layer.op !== "dense") return [];
    let maker = draft.producerOf(draft.inputOf(layer));
    const isDirect = maker?.op === "binarize";
    while (maker && maker.op !== "binarize" && MOVES.includes(maker.op)) maker = draft.producerOf(draft.inputOf(maker));
    return maker?.op === "binarize" ? [{ layer, sign: maker, isDirect }] : [];
  });
}

const MOVES: readonly string[] = ["maxpool", "pad", "reshape", "transpose", "slice", "unpack"];

/** Return the float graph with the signs before these layers taken away; the given graph is left as it is. Throws PlanError. */
export function keepInputsReal(graph: Graph<Numbers>, names: readonly string[]): Graph<Numbers> {
  const draft = new Draft(graph);
  const signed = listSignedLayers(graph);
  for (const name of names) {
    const found = signed.find(({ layer }) => layer.name === name);
    if (found === undefined) {
      const known = signed.map(({ layer }) => layer.name).join(", ") || "none";
      throw new PlanError("invalid", `the layer "${name}" reads no sign, so its input cannot be kept real; layers that do: ${known}`);
    }
    const sign = draft.nodes.find(({ name: other }) => other === found.sign.name);
    const layer = draft.nodes.find(({ name: other }) => other === name);
    if (sign === undefined || layer === undefined) continue; // taken away for a layer before
    const readers = signed.filter((other) => other.sign.name === sign.name);
    const areAllReal = readers.every((other) => names.includes(other.layer.name));
    if (!areAllReal && !found.isDirect) {
      const other = readers.find((reader) => !names.includes(reader.layer.name))?.layer.name;
      throw new PlanError("invalid", `the layers "${name}" and "${other}" read one sign through a pool or pad; choose both or neither`);
    }
    if (areAllReal) draft.bypass(sign);
    else layer.inputs[0] = draft.inputOf(sign);
  }
  return draft.finish();
}
