// Chooses what stays real: measures, scores, partitions, and says why. Of a net that was trained with binary inputs (FBin): the layers that keep
// real inputs, to be trained again, as in Hybrid Binary Networks (Prabhu et al., WACV 2018), or within a budget. Of a net with real weights that
// are to be binarized: the layers that keep them, within a budget.
import type { WeightBinarization } from "../binarize/binarize-weights.ts";
import { PlanError } from "../graph/errors.ts";
import type { Graph, Numbers } from "../graph/graph.ts";
import type { LayerKind } from "../ops/layer-kind.ts";
import type { ChangeOptions } from "./change.ts";
import { type Costs, type LayerCost, measureCosts } from "./costs.ts";
import { measureErrors } from "./errors.ts";
import type { ErrorForm, InputError } from "./input-error.ts";
import { type CostForm, DEFAULT_GAMMA, scoreLayers } from "./metric.ts";
import { partition, takeTail } from "./partition.ts";
import type { Runs } from "./runs.ts";
import { type Budget, type CostName, priceOf, type Spent, spend } from "./spend.ts";
import { listInputSwitches, listWeightSwitches, namesOf, type Switches } from "./switches.ts";

/** With the paper's scores, and shares of its 7 and 19 layers, this gives its Hybrid-2. */
export const DEFAULT_RATIO = 0.15;

/** Binary MACs that take as long as one on real inputs, as the papers count. */
const BINARY_SPEED = 58;

/** Options of `selectLayers`. */
export interface SelectOptions extends ChangeOptions, Budget {
  /** Choose among layers with real weights, which this would binarize; needs a budget. Default: among layers that read signs. */
  binarize?: WeightBinarization | undefined;
  /** Names of the layers to choose among, with `binarize`; default: all but the first and the last. */
  among?: readonly string[] | undefined;
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
  /** What being real costs; default "macs", and with `binarize` "bytes". */
  cost?: CostName | undefined;
}

/** One layer of a selection. */
export interface SelectedLayer {
  name: string;
  /** What it becomes. */
  kind: LayerKind;
  reason: string;
  /** As the net stores it then. */
  bytes: number;
  /** Of layers that read signs. */
  errors?: InputError;
  /** Where there is a choice; layers that are switched together have it together. */
  cost?: LayerCost;
  score?: number;
  /** 0 is the lowest. */
  cluster?: number;
  /** With a budget: what switching it alone changes: accuracy lost, or without classes the outputs' change as a share of them. */
  change?: number;
}

/** Which layers stay real, and the figures of the choice. */
export interface Selection {
  what: Switches["what"];
  /** Names of the layers that stay real. */
  real: string[];
  layers: SelectedLayer[];
  /** How many clusters the partition ended with; 0 for weights. */
  clusters: number;
  /** Layers with binary weights, of which R is a share. */
  total: number;
  /** Inputs measured on. */
  images: number;
  /** MACs with the papers' 1/58 for layers with binary inputs: all binary that can be, and as selected. */
  equivalentMacs: { before: number; after: number };
  /** With a budget: the choices that no other beats, and what was found of the one that was made. */
  budget?: Budget & Pick<Spent, "curve" | "unit" | "counts" | "check">;
  /** For weights: what is to be done to which layers. */
  weights?: { method: WeightBinarization; layers: string[] };
}

interface Choice {
  /** Indices of the units that stay real. */
  taken: number[];
  /** What is known of each unit. */
  known: Pick<SelectedLayer, "score" | "cluster" | "change">[];
  clusters: number;
  budget?: Selection["budget"];
  /** Why a unit is taken, or is not. */
  explain(index: number): string;
}

/** Choose on calibration inputs. Throws PlanError when there is nothing to choose from, and when numbers are not finite. */
export async function selectLayers(graph: Graph<Numbers>, runs: Runs, options: SelectOptions): Promise<Selection> {
  const budgets = [options.maxMs, options.maxBytes, options.maxDrop].filter((limit) => limit !== undefined).length;
  if (budgets > 1) throw new PlanError("invalid", "there is more than one budget; give one of milliseconds, bytes and drop");
  if (options.binarize && budgets === 0)
    throw new PlanError("invalid", "choosing among weights needs a budget of milliseconds, bytes or drop; give one");
  if (options.truth && budgets === 0) throw new PlanError("invalid", "right classes are for choosing within a budget; give one, or none of them");
  return options.binarize ? selectWeights(graph, runs, options, options.binarize) : selectInputs(graph, runs, options);
}

async function selectInputs(graph: Graph<Numbers>, runs: Runs, options: SelectOptions): Promise<Selection> {
  const { signed, ...switches } = listInputSwitches(graph);
  options.onStep?.({ step: "errors", done: 0, total: 1 });
  const { images, errors } = await measureErrors(graph, signed, runs, options);
  if (images === 0) throw new PlanError("invalid", "there are no inputs to measure on; give some");
  const costs = await measureCosts(switches, options);
  const choice = await chooseInputs(switches, errors, costs, runs, options);
  const selection = describe(switches, choice, costs);
  const layers = selection.layers.map((layer) => ({ ...layer, ...(layer.cost && { errors: errors.get(layer.name) as InputError }) }));
  return { ...selection, layers, images };
}

async function selectWeights(graph: Graph<Numbers>, runs: Runs, options: SelectOptions, method: WeightBinarization): Promise<Selection> {
  const switches = listWeightSwitches(graph, method, options.among);
  const costs = await measureCosts(switches, options);
  const choice = await chooseWithBudget(switches, costs, runs, { ...options, cost: options.cost ?? "bytes" });
  const layers = namesOf(
    switches.units,
    switches.given.filter((index) => !choice.taken.includes(index)),
  );
  return { ...describe(switches, choice, costs), images: choice.budget?.check?.images ?? 0, weights: { method, layers } };
}

/** Choose by metric and partition, or within a budget. */
async function chooseInputs(
  switches: Switches,
  errors: ReadonlyMap<string, InputError>,
  costs: Costs,
  runs: Runs,
  options: SelectOptions,
): Promise<Choice> {
  const { ratio = DEFAULT_RATIO, tops = 1, tail = false, gamma = DEFAULT_GAMMA, form = "inverse", error = "rmse", cost = "macs" } = options;
  const { units } = switches;
  const lost = units.map(([first = ""]) => (errors.get(first) as InputError)[error]);
  const wrong = lost.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) throw new PlanError("invalid", `its input-binarization error is ${lost[wrong]}; give finite inputs`, units[wrong]?.[0]);
  const prices = costs.units.map((each) => priceOf(each, cost));
  const scores = scoreLayers(lost, prices, gamma, form);
  const total = countBinary(switches);
  const { clusters, clusterOf, chosen } = partition(scores, { ratio, total, tops });
  const known = units.map((_, index) => ({ score: scores[index] as number, cluster: clusterOf[index] as number }));
  if (options.maxMs !== undefined || options.maxBytes !== undefined || options.maxDrop !== undefined) {
    const spent = await chooseWithBudget(switches, costs, runs, { ...options, cost });
    return { ...spent, clusters, known: known.map((each, index) => ({ ...each, ...spent.known[index] })) };
  }
  const taken = tail ? takeTail(chosen.length, units.length) : chosen;
  const explain = (index: number) => {
    const place = `score ${scores[index]?.toFixed(3)} is in cluster ${(clusterOf[index] as number) + 1} of ${clusters}`;
    return tail ? `${taken.includes(index) ? "one" : "none"} of the last ${taken.length}; ${place}` : place;
  };
  return { taken, known, clusters, explain };
}

async function chooseWithBudget(switches: Switches, costs: Costs, runs: Runs, options: SelectOptions & { cost: CostName }): Promise<Choice> {
  const { maxMs, maxBytes, maxDrop } = options;
  const { taken, changes, curve, unit, counts, check } = await spend(switches, costs, runs, options, options);
  const spellPrice = (index: number) => {
    const price = priceOf(costs.units[index] as LayerCost, unit);
    const [name, size] = ({ ms: ["ms", 1], bytes: ["kB", 1e3], macs: ["million MACs", 1e6] } as const)[unit];
    return `${(price / size).toPrecision(3)} ${name}`;
  };
  return {
    taken,
    clusters: 0,
    known: changes.map((change) => ({ change })),
    budget: { maxMs, maxBytes, maxDrop, unit, counts, curve, ...(check && { check }) },
    explain: (index) => {
      const size = (100 * (changes[index] as number)).toPrecision(3);
      return `switched alone it ${counts === "accuracy" ? `costs ${size} points of accuracy` : `changes the outputs by ${size} %`}, for ${spellPrice(index)}`;
    },
  };
}

/** Say what every layer becomes. */
function describe(switches: Switches, { taken, known, clusters, budget, explain }: Choice, costs: Costs): Omit<Selection, "images"> {
  const { what, units } = switches;
  const { report } = switches.make(taken);
  const layers = report.layers.map(({ name, kind, reason, bytes }): SelectedLayer => {
    const index = units.findIndex((names) => names.includes(name));
    if (index < 0) return { name, kind, bytes, reason: `not to choose: ${reason.split(";").slice(0, 2).join(";")}` };
    const why = `${taken.includes(index) ? "real" : "binary"} ${what === "inputs" ? "input" : "weights"}: ${explain(index)}`;
    return { name, kind, bytes, reason: why, cost: costs.units[index] as LayerCost, ...known[index] };
  });
  const equivalentMacs = { before: countMacs(switches.make([]), costs), after: countMacs({ report }, costs) };
  return { what, real: namesOf(units, taken), layers, clusters, total: countBinary(switches), equivalentMacs, ...(budget && { budget }) };
}

function countBinary(switches: Switches): number {
  return switches.make([]).report.layers.filter(({ kind }) => kind !== "FPrec").length;
}

function countMacs({ report }: Pick<ReturnType<Switches["make"]>, "report">, { macs }: Costs): number {
  return report.layers.reduce((sum, { name, kind }) => sum + (macs.get(name) ?? 0) / (kind === "FBin" ? BINARY_SPEED : 1), 0);
}
