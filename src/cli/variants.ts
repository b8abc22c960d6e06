// Measures model files side by side: accuracy on the same inputs, and time, taking turns.
import { basename } from "node:path";

import { materialize, readModelBytes } from "../format/materialize.ts";
import type { Preprocess } from "../graph/graph.ts";
import { layerKind } from "../ops/layer-kind.ts";
import type { Variant } from "../report/variant-charts.ts";
import { openCalibration } from "./calibration.ts";
import { about, Failure } from "./failure.ts";
import { readBytes } from "./files.ts";
import { loadForComparison } from "./int8.ts";
import type { Progress } from "./progress.ts";
import { classifyRun, countClasses, readTruth, shareEqual } from "./truth.ts";

const ROUNDS = 5;
const RUNS = 10;

/** Measure each file on the inputs in `data`, whose right classes `truth` has. Throws Failure. */
export async function measureVariants(
  paths: readonly string[],
  { data, truth, preprocess }: { data: readonly string[]; truth: string; preprocess?: Preprocess | undefined },
  progress: Progress,
): Promise<Variant[]> {
  const labels = await readBytes(truth);
  const opened = [];
  for (const [done, path] of paths.entries()) {
    const bytes = await readBytes(path);
    const { graph, data: constants } = await about(path, () => readModelBytes(bytes));
    const model = await about(path, () => loadForComparison(bytes));
    const classes = await about(path, () => countClasses(model));
    if (model.inputs.length !== 1) throw new Failure(`${path}: it has ${model.inputs.length} inputs, and models are compared that have one`);
    const calibration = await openCalibration(data, materialize(graph, constants), preprocess ?? graph.metadata.preprocess);
    const found: number[] = [];
    const onFile = (file: number) => progress.show({ step: path, done: done + file / calibration.files.length, total: paths.length });
    for await (const inputs of calibration.runs(onFile)) {
      found.push(...(await about(path, () => classifyRun(model, inputs, classes))));
    }
    const right = await about(truth, () => readTruth(labels, found.length, classes));
    const kinds = graph.nodes.flatMap((node) => (node.op === "conv2d" || node.op === "dense" ? [layerKind(node.attrs)] : []));
    const spelled = (["FPrec", "WBin", "FBin"] as const).map((kind) => [kinds.filter((other) => other === kind).length, kind] as const);
    const kindsSpelled = spelled.flatMap(([count, kind]) => (count > 0 ? [`${count} ${kind}`] : [])).join(", ");
    opened.push({
      model,
      variant: { name: basename(path, ".hybit"), kinds: kindsSpelled, bytes: bytes.length, ms: Infinity, accuracy: shareEqual(found, right) },
    });
  }
  for (let round = 0; round < ROUNDS; round++) {
    for (const { model, variant } of opened) {
      const steps = model.profile({ runs: RUNS, warmup: 3 });
      variant.ms = Math.min(
        variant.ms,
        steps.reduce((sum, { ms }) => sum + ms, 0),
      );
    }
  }
  for (const { model } of opened) model.dispose();
  return opened.map(({ variant }) => variant);
}
