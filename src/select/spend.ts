// Choosing within a budget: what a change of each unit alone does to the outputs, the choices that no other beats, and of those the one that
// the budget allows, made and measured where a promise depends on it.
import { PlanError } from "../graph/errors.ts";
import { type Choice, chooseWithin, chooseWithLoss, listBestChoices } from "./budget.ts";
import { type Change, type ChangeOptions, measureChange, sizeOf } from "./change.ts";
import type { Costs, LayerCost } from "./costs.ts";
import type { Runs } from "./runs.ts";
import { namesOf, type Switches } from "./switches.ts";

/** macs: multiply-accumulates. ms: milliseconds that real numbers add on this machine. bytes: what they add to the file. */
export const COSTS = ["macs", "ms", "bytes"] as const;

export type CostName = (typeof COSTS)[number];

/** One of the three is given. */
export interface Budget {
  /** Milliseconds that the whole net may take, by the sum of its layers. */
  maxMs?: number | undefined;
  /** Bytes that the model file may have, without labels and notes. */
  maxBytes?: number | undefined;
  /** What binary numbers may cost: accuracy, or where no classes are given the change of the outputs as a share of them. */
  maxDrop?: number | undefined;
}

/** A choice that no other beats. */
export interface CurvePoint {
  real: string[];
  /** Of the whole net, in the unit of the budget; MACs are those on real numbers. */
  price: number;
  /** Sum of the changes of the units that are binary. */
  lost: number;
}

export interface Spent {
  /** Indices of the units that are real. */
  taken: number[];
  /** What a switch of each unit alone changes. */
  changes: number[];
  curve: CurvePoint[];
  /** What the prices of the curve are. */
  unit: CostName;
  /** What changes and losses are: shares of the inputs, or of the outputs. */
  counts: "accuracy" | "outputs";
  /** The net as chosen against the net as given, measured, where that is the net that will be used: for weights. */
  check?: Change;
}

/** Tells units apart whose switch costs the same accuracy. */
const TIE = 1e-6;

export function priceOf(cost: LayerCost, unit: CostName): number {
  return { macs: cost.macs, ms: cost.addedMs, bytes: cost.addedBytes }[unit];
}

/** Choose the units that stay real. Throws PlanError when even the net that is binary wherever it can be is beyond the budget. */
export async function spend(
  switches: Switches,
  costs: Costs,
  runs: Runs,
  { maxMs, maxBytes, maxDrop, cost }: Budget & { cost: CostName },
  options: ChangeOptions,
): Promise<Spent> {
  const unit = maxMs !== undefined ? "ms" : maxBytes !== undefined ? "bytes" : cost;
  const least = { macs: 0, ms: costs.ms, bytes: costs.bytes }[unit];
  const limit = maxMs ?? maxBytes;
  if (limit !== undefined && least > limit) {
    const spelled = maxMs === undefined ? `has ${least} bytes` : `takes ${least.toPrecision(3)} ms`;
    throw new PlanError("invalid", `the net ${spelled} with all ${switches.what} binary, more than the ${limit} allowed; allow more`);
  }
  const { units } = switches;
  const all = units.map((_, index) => index);
  const given = switches.make(switches.given).file;
  const measured: Change[] = [];
  for (const [index, names] of units.entries()) {
    options.onStep?.({ step: names.join(", "), done: index + 1, total: units.length + 1 });
    const switched = switches.given.includes(index) ? all.filter((other) => other !== index) : [index];
    measured.push(await measureChange(given, switches.make(switched).file, runs, options));
  }
  const changes = measured.map(sizeOf);
  const choices = listBestChoices(
    measured.map((change) => sizeOf(change) + TIE * change.divergence),
    costs.units.map((each) => priceOf(each, unit)),
  );
  const lengthOf = ({ chosen }: Choice) => switches.make(chosen).file.length;
  const checkOf = ({ chosen }: Choice) => measureChange(given, switches.make(chosen).file, runs, options);
  const isForWeights = switches.what === "weights";
  let at = choices.indexOf(maxDrop !== undefined ? chooseWithLoss(choices, maxDrop) : chooseWithin(choices, (limit as number) - least));
  if (maxBytes !== undefined) while (at > 0 && lengthOf(choices[at] as Choice) > maxBytes) at--;
  else if (maxDrop !== undefined && isForWeights) {
    const isMet = async (index: number) => sizeOf(await checkOf(choices[index] as Choice)) <= maxDrop;
    at = await findFirst(at, choices.length - 1, isMet);
  }
  const { chosen } = choices[at] as Choice;
  const total = (choices.at(-1) as Choice).gain;
  const curve = choices.map((choice) => ({ real: namesOf(units, choice.chosen), price: least + choice.price, lost: total - choice.gain }));
  const counts = options.truth ? "accuracy" : "outputs";
  return { taken: chosen, changes, curve, unit, counts, ...(isForWeights && { check: await checkOf(choices[at] as Choice) }) };
}

/** Find the first index from `low` on that is met, where all after one are; the last is taken for met. */
async function findFirst(low: number, last: number, isMet: (index: number) => Promise<boolean>): Promise<number> {
  if (low === last || (await isMet(low))) return low;
  let [below, met] = [low, last];
  while (met - below > 1) {
    const middle = (below + met) >> 1;
    if (await isMet(middle)) met = middle;
    else below = middle;
  }
  return met;
}
