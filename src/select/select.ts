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

/** A layer that there is a choice for. */
interface Candidate {
  name: string;
  errors: InputError;
  cost: LayerCost;
  divergence?: number;
}

interface Choice {
  scores: number[];
  clusters: number;
  clusterOf: number[];
  /** Indices of the candidates that keep real inputs. */
  taken: number[];
  curve?: Selection["curve"];
  /** Why a candidate is taken, or is not. */
  explain(index: number): string;
}

/** Choose layers on calibration inputs. Throws PlanError when there is nothing to choose from, and when numbers are not finite. */
export async function selectLayers(graph: Graph<Numbers>, runs: Runs, options: SelectOptions): Promise<Selection> {
  const { report } = hybridize(graph);
  const binary = report.layers.filter(({ kind }) => kind === "FBin").map(({ name }) => name);
  const signed = listSignedLayers(graph).filter(({ layer }) => binary.includes(layer.name));
  if (signed.length === 0) {
    throw new PlanError("invalid", "no layer has binary weights and reads a sign; select needs a net trained with binary inputs");
  }
  const { images, errors, divergences } = await measureInputs(graph, signed, runs, { ...options, alone: options.maxMs !== undefined });
  if (images === 0) throw new PlanError("invalid", "there are no inputs to measure on; give some");
  const { costs, macs, ms } = await measureCosts(graph, signed, options);
  const candidates = signed.map(({ layer: { name } }): Candidate => {
    return { name, errors: errors.get(name) as InputError, cost: costs.get(name) as LayerCost, divergence: divergences.get(name) };
  });
  const total = report.layers.filter(({ kind }) => kind !== "FPrec").length;
  const { scores, clusters, clusterOf, taken, curve, explain } = choose(candidates, total, ms, options);

  const layers = report.layers.map(({ name, kind, reason, bytes }): SelectedLayer => {
    const index = candidates.findIndex((candidate) => candidate.name === name);
    if (index < 0) return { name, kind, bytes, reason: `not to choose: ${reason.split(";").slice(0, 2).join(";")}` };
    const isReal = taken.includes(index);
    const { name: _, ...measured } = candidates[index] as Candidate;
    const why = `${isReal ? "real" : "binary"} input: ${explain(index)}`;
    return { name, kind: isReal ? "WBin" : "FBin", bytes, reason: why, ...measured, score: scores[index], cluster: clusterOf[index] };
  });
  const real = namesOf(candidates, taken);
  const countMacs = (onBits: readonly string[]) =>
    [...macs].reduce((sum, [name, count]) => sum + count / (onBits.includes(name) ? BINARY_SPEED : 1), 0);
  const equivalentMacs = { before: countMacs(binary), after: countMacs(binary.filter((name) => !real.includes(name))) };
  return { real, layers, clusters, total, images, equivalentMacs, curve };
}

/** Choose by metric and partition, or within a budget; `ms` is what the net takes as it is. */
function choose(candidates: readonly Candidate[], total: number, ms: number, options: SelectOptions): Choice {
  const { ratio = DEFAULT_RATIO, tops = 1, tail = false, gamma = DEFAULT_GAMMA, form = "inverse", error = "rmse", cost = "macs", maxMs } = options;
  const errors = candidates.map((candidate) => candidate.errors[error]);
  const wrong = errors.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) throw new PlanError("invalid", `its input-binarization error is ${errors[wrong]}; give finite inputs`, candidates[wrong]?.name);
  const costs = candidates.map((candidate) => candidate.cost[cost === "ms" ? "addedMs" : "macs"]);
  const scores = scoreLayers(errors, costs, gamma, form);
  const { clusters, clusterOf, chosen } = partition(scores, { ratio, total, tops });
  if (maxMs !== undefined) return { scores, clusters, clusterOf, ...spend(candidates, ms, maxMs) };
  const taken = tail ? takeTail(chosen.length, candidates.length) : chosen;
  const explain = (index: number) => {
    const place = `score ${scores[index]?.toFixed(3)} is in cluster ${(clusterOf[index] as number) + 1} of ${clusters}`;
    return tail ? `${taken.includes(index) ? "one" : "none"} of the last ${taken.length}; ${place}` : place;
  };
  return { scores, clusters, clusterOf, taken, explain };
}

/** Choose by what real inputs change, within a time for the whole net. Throws PlanError when the net as it is takes longer. */
function spend(candidates: readonly Candidate[], ms: number, maxMs: number): Pick<Choice, "taken" | "curve" | "explain"> {
  if (ms > maxMs) {
    throw new PlanError("invalid", `the net takes ${ms.toPrecision(3)} ms with all inputs binary, more than the ${maxMs} allowed; allow more`);
  }
  const gains = candidates.map(({ divergence = 0 }) => divergence);
  const prices = candidates.map(({ cost }) => cost.addedMs);
  const choices = listBestChoices(gains, prices);
  return {
    taken: chooseWithin(choices, maxMs - ms).chosen,
    curve: choices.map(({ chosen, gain, price }) => ({ real: namesOf(candidates, chosen), ms: ms + price, gain })),
    explain: (index) => `it changes the outputs by ${(100 * (gains[index] as number)).toPrecision(3)} % for ${prices[index]?.toPrecision(2)} ms`,
  };
}

function namesOf(candidates: readonly Candidate[], indices: readonly number[]): string[] {
  return candidates.filter((_, index) => indices.includes(index)).map(({ name }) => name);
}
