// Chooses the layers that keep real inputs: measures, scores, partitions, and says why. The input is the float graph of a net that was trained
// with binary inputs (FBin); the result is meant to be trained again, as in Hybrid Binary Networks (Prabhu et al., WACV 2018).
import { hybridize } from "../binarize/passes.ts";
import { PlanError } from "../graph/errors.ts";
import type { Graph, Numbers } from "../graph/graph.ts";
import type { LayerKind } from "../ops/layer-kind.ts";
import { chooseWithin, listBestChoices } from "./budget.ts";
import type { ErrorForm, InputError } from "./input-error.ts";
import { type LayerCost, type MeasureOptions, measureCosts, measureInputs, type Runs } from "./measure.ts";
import { type CostForm, DEFAULT_GAMMA, scoreLayers } from "./metric.ts";
import { partition, takeTail } from "./partition.ts";
import { listSignedLayers } from "./signed-layers.ts";

/** With the paper's scores, and shares of its 7 and 19 layers, this gives its Hybrid-2. */
export const DEFAULT_RATIO = 0.15;

/** Binary MACs that take as long as one on real inputs, as the papers count. */
const BINARY_SPEED = 58;

/** macs: multiply-accumulates. ms: milliseconds that a real input adds on this machine. */
export const COSTS = ["macs", "ms"] as const;

export interface SelectOptions extends MeasureOptions {
  /** Largest share of the layers with binary weights that may keep real inputs; default 0.15. */
  ratio?: number;
  /** Clusters taken from the top: 1, or 2 as in Hybrid-1; default 1. */
  tops?: number;
  /** Take as many layers from the end of the net instead; default false. */
  tail?: boolean;
  /** Weight of the cost term; default 0.1. */
  gamma?: number;
  /** Default "inverse". */
  form?: CostForm;
  /** Default "rmse". */
  error?: ErrorForm;
  /** Default "macs". */
  cost?: (typeof COSTS)[number];
  /** Instead of metric and partition: the layers whose real inputs change the outputs most, as long as the net takes no longer. Milliseconds. */
  maxMs?: number;
}

export interface SelectedLayer {
  name: string;
  /** What it becomes. */
  kind: LayerKind;
  reason: string;
  /** As the net is stored now. */
  bytes: number;
  /** Of layers that read signs. */
  errors?: InputError;
  cost?: LayerCost;
  score?: number;
  /** 0 is the lowest. */
  cluster?: number;
  /** With a budget: what its real input alone changes in the outputs, root mean square, as a share of theirs. */
  divergence?: number;
}

export interface Selection {
  /** Names of the layers that keep real inputs. */
  real: string[];
  layers: SelectedLayer[];
  /** How many clusters the partition ended with. */
  clusters: number;
  /** Layers with binary weights, of which R is a share. */
  total: number;
  /** Inputs measured on. */
  images: number;
  /** MACs with the papers' 1/58 for layers with binary inputs: of the net as it is, and as selected. */
  equivalentMacs: { before: number; after: number };
  /** With a budget: the choices that no other beats, in milliseconds of the whole net and the sum of divergences. */
  curve?: { real: string[]; ms: number; gain: number }[];
}

/** Choose layers on calibration inputs. Throws PlanError when there is nothing to choose from, and when numbers are not finite. */
export async function selectLayers(graph: Graph<Numbers>, runs: Runs, options: SelectOptions): Promise<Selection> {
  const { ratio = DEFAULT_RATIO, tops = 1, tail = false, gamma = DEFAULT_GAMMA, form = "inverse", error = "rmse", cost = "macs", maxMs } = options;
  const { report } = hybridize(graph);
  const isBinary = new Set(report.layers.filter(({ kind }) => kind === "FBin").map(({ name }) => name));
  const signed = listSignedLayers(graph).filter(({ layer }) => isBinary.has(layer.name));
  if (signed.length === 0)
    throw new PlanError("invalid", "no layer has binary weights and reads a sign; select needs a net trained with binary inputs");
  const { images, errors, divergences } = await measureInputs(graph, signed, runs, { ...options, alone: maxMs !== undefined });
  if (images === 0) throw new PlanError("invalid", "there are no inputs to measure on; give some");
  const { costs, macs, ms } = await measureCosts(graph, signed, options);
  const errorOf = signed.map(({ layer: { name } }) => (errors.get(name) as InputError)[error]);
  const wrong = errorOf.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) throw new PlanError("invalid", `its input-binarization error is ${errorOf[wrong]}; give finite inputs`, signed[wrong]?.layer.name);

  const costOf = signed.map(({ layer: { name } }) => (costs.get(name) as LayerCost)[cost === "ms" ? "addedMs" : "macs"]);
  const scores = scoreLayers(errorOf, costOf, gamma, form);
  const total = report.layers.filter(({ kind }) => kind !== "FPrec").length;
  const { clusters, clusterOf, chosen } = partition(scores, { ratio, total, tops });
  const namesOf = (indices: readonly number[]) => signed.map(({ layer }) => layer.name).filter((_, index) => indices.includes(index));
  const budget = maxMs === undefined ? undefined : spend(namesOf, [...divergences.values()], [...costs.values()], ms, maxMs);
  const taken = new Set(budget?.chosen ?? (tail ? takeTail(chosen.length, signed.length) : chosen));
  const indexOf = new Map(signed.map(({ layer }, index) => [layer.name, index]));
  const layers = report.layers.map(({ name, kind, reason, bytes }): SelectedLayer => {
    const index = indexOf.get(name);
    if (index === undefined) return { name, kind, bytes, reason: `not to choose: ${reason.split(";").slice(0, 2).join(";")}` };
    const cluster = clusterOf[index] as number;
    const place = `score ${(scores[index] as number).toFixed(3)} is in cluster ${cluster + 1} of ${clusters}`;
    const divergence = divergences.get(name);
    const changes = `it changes the outputs by ${(100 * (divergence ?? 0)).toPrecision(3)} % for ${((costs.get(name) as LayerCost).addedMs).toPrecision(2)} ms`;
    const why = budget ? changes : tail ? `${taken.has(index) ? "one" : "none"} of the last ${taken.size}; ${place}` : place;
    return {
      name,
      kind: taken.has(index) ? "WBin" : "FBin",
      bytes,
      reason: `${taken.has(index) ? "real" : "binary"} input: ${why}`,
      errors: errors.get(name) as InputError,
      cost: costs.get(name) as LayerCost,
      score: scores[index] as number,
      cluster,
      divergence,
    };
  });
  const sumMacs = (isBit: (name: string) => boolean) => [...macs].reduce((sum, [name, count]) => sum + count / (isBit(name) ? BINARY_SPEED : 1), 0);
  const real = namesOf([...taken]);
  const equivalentMacs = { before: sumMacs((name) => isBinary.has(name)), after: sumMacs((name) => isBinary.has(name) && !real.includes(name)) };
  return { real, layers, clusters, total, images, equivalentMacs, curve: budget?.curve };
}

/** Choose by what real inputs change, within a time for the whole net. Throws PlanError when the net as it is takes longer. */
function spend(namesOf: (indices: readonly number[]) => string[], gains: readonly number[], costs: readonly LayerCost[], ms: number, maxMs: number) {
  if (ms > maxMs) {
    throw new PlanError("invalid", `the net takes ${ms.toPrecision(3)} ms with all inputs binary, more than the ${maxMs} allowed; allow more`);
  }
  const choices = listBestChoices(
    gains,
    costs.map(({ addedMs }) => addedMs),
  );
  const curve = choices.map(({ chosen, gain, price }) => ({ real: namesOf(chosen), ms: ms + price, gain }));
  return { chosen: chooseWithin(choices, maxMs - ms).chosen, curve };
}
