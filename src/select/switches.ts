// What there is to choose in a float graph, either way: which layers keep real inputs (of a net that was trained with binary ones), or which
// keep real weights (of a net whose weights are about to be binarized). Knows the net that each choice makes.
import { listChosen, type WeightBinarization } from "../binarize/binarize-weights.ts";
import { type HybridizeOptions, hybridize } from "../binarize/passes.ts";
import type { BinarizeReport } from "../binarize/report.ts";
import { writeModel } from "../format/write.ts";
import { PlanError } from "../graph/errors.ts";
import type { Graph, Numbers } from "../graph/graph.ts";
import { keepInputsReal, listSignedLayers, type SignedLayer } from "./signed-layers.ts";

export interface Net {
  file: Uint8Array;
  report: BinarizeReport;
}

export interface Switches {
  what: "inputs" | "weights";
  /** Names of the layers that are switched together, unit by unit, in the net's order. */
  units: string[][];
  /** The units that are real in the net as it is given: what a change of outputs is measured against. */
  given: number[];
  /** Make the net in which these units are real and the others binary. */
  make(real: readonly number[]): Net;
}

/** List the layers with binary weights that read signs; those that share one through a pool or pad are one unit. Throws PlanError when there is none. */
export function listInputSwitches(graph: Graph<Numbers>): Switches & { signed: SignedLayer[] } {
  const binary = hybridize(graph).report.layers.filter(({ kind }) => kind === "FBin");
  const all = listSignedLayers(graph);
  const signed = all.filter(({ layer }) => binary.some(({ name }) => name === layer.name));
  if (signed.length === 0) {
    throw new PlanError(
      "invalid",
      "no layer has binary weights and reads a sign; give a net trained with binary inputs, or --binarize to choose among weights",
    );
  }
  const units: string[][] = [];
  for (const { layer, sign } of signed) {
    if (units.flat().includes(layer.name)) continue;
    const readers = all.filter((other) => other.sign.name === sign.name);
    units.push(readers.every(({ isDirect }) => isDirect) ? [layer.name] : readers.map((reader) => reader.layer.name));
  }
  const make = (real: readonly number[]) => finish(keepInputsReal(graph, namesOf(units, real)));
  return { what: "inputs", units, given: [], make, signed };
}

/** List the layers with real weights that `method` could binarize: of those named, or of all but the first and the last. Throws LoadError and PlanError. */
export function listWeightSwitches(graph: Graph<Numbers>, method: WeightBinarization, names?: readonly string[]): Switches {
  const units = listChosen(graph.nodes, names).map(({ name }) => [name]);
  if (units.length === 0) throw new PlanError("invalid", "no layer between the first and the last has real weights, so there is nothing to choose");
  const make = (real: readonly number[]) => {
    const layers = units.flatMap((unit, index) => (real.includes(index) ? [] : unit));
    return finish(graph, layers.length === 0 ? {} : { binarize: method, layers });
  };
  return { what: "weights", units, given: units.map((_, index) => index), make };
}

export function namesOf(units: readonly string[][], indices: readonly number[]): string[] {
  return units.flatMap((names, index) => (indices.includes(index) ? names : []));
}

/** Make of a float graph the file that a conversion would make. */
function finish(graph: Graph<Numbers>, options: HybridizeOptions = {}): Net {
  const { graph: hybrid, report } = hybridize(graph, options);
  return { file: writeModel(hybrid), report };
}
