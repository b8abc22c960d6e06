// What convert --binarize --calibrate does: norms estimated again, and how good the net is before and after.
import { estimateCorrections } from "../calibrate/corrections.ts";
import { type Converted, type ConvertOptions, type Correction, importFile } from "../convert.ts";
import { keepInputsReal } from "../select/signed-layers.ts";
import { about } from "./failure.ts";
import { readBytes } from "./files.ts";
import { cutInputs, loadForComparison } from "./int8.ts";
import { readNpy } from "./npy.ts";
import { openProgress } from "./progress.ts";
import type { Terminal } from "./terminal.ts";
import { classifyRuns, countClasses, readTruth, shareEqual } from "./truth.ts";
import { spellShare } from "./units.ts";

/** Shares of the inputs whose top-1 is right, or where nothing is known that of the float net. */
export interface Corrected {
  inputs: number;
  against: "truth" | "float net";
  float: number;
  binarized: number;
  corrected: number;
}

export interface Norms {
  corrections: Map<string, Correction>;
  scores: Corrected;
}

/** Estimate norms again on the inputs in the file `calibrate`, and say how good the net is without that and with it. */
export async function prepareNorms(
  path: string,
  bytes: Uint8Array,
  { signZero, binarize = "sign", layers, realInputs = [], files }: ConvertOptions,
  { calibrate, truth }: { calibrate: string; truth?: string | undefined },
  convertTo: (changes: ConvertOptions) => Promise<Converted>,
  terminal: Terminal,
): Promise<Norms> {
  const open = async (changes: ConvertOptions) => loadForComparison((await convertTo(changes)).model);
  const float = await open({ binarize: undefined, layers: undefined });
  const classes = await about(path, () => countClasses(float));
  const array = await readBytes(calibrate);
  const runs = await about(calibrate, () => cutInputs(float, readNpy(array)));
  const found = classifyRuns(float, runs);
  const known = truth === undefined ? undefined : await readBytes(truth);
  const wanted = known && (await about(truth ?? "", () => readTruth(known, found.length, classes)));
  const progress = openProgress(terminal);
  const options = { binarize, layers, load: loadForComparison, onProgress: progress.show };
  const corrections = await about(path, () =>
    estimateCorrections(keepInputsReal(importFile(bytes, { signZero, files }).graph, realInputs), runs, options),
  ).finally(() => progress.close());
  const scoreOf = async (changes: ConvertOptions) => shareEqual(classifyRuns(await open(changes), runs), wanted ?? found);
  const scores: Corrected = {
    inputs: found.length,
    against: wanted ? "truth" : "float net",
    float: shareEqual(found, wanted ?? found),
    binarized: await scoreOf({}),
    corrected: await scoreOf({ corrections }),
  };
  return { corrections, scores };
}

/** "top-1 on 500 calibration inputs: 96.4 % in float, 31.2 % binarized, 88.0 % with norms estimated again" */
export function spellCorrected({ inputs, against, float, binarized, corrected }: Corrected): string {
  const rest = `${spellShare(binarized)} binarized, ${spellShare(corrected)} with norms estimated again`;
  return against === "truth"
    ? `top-1 on ${inputs} calibration inputs: ${spellShare(float)} in float, ${rest}`
    : `the float net's top-1 on ${inputs} calibration inputs: ${rest}`;
}
