// hybit select: which layers of a binary net should keep real inputs, by what their signs lose and what real inputs cost.
import { type Command, InvalidArgumentError, Option } from "commander";
import type { Preprocess } from "../../graph/graph.ts";
import { importOnnx } from "../../import/onnx/import.ts";
import { ERROR_FORMS, type ErrorForm } from "../../select/input-error.ts";
import { COST_FORMS, type CostForm, DEFAULT_GAMMA } from "../../select/metric.ts";
import { COSTS, DEFAULT_RATIO, type Selection, type SelectOptions, selectLayers } from "../../select/select.ts";
import { openCalibration } from "../calibration.ts";
import { about, UsageError } from "../failure.ts";
import { readBytes, writeBytes } from "../files.ts";
import { loadForComparison } from "../int8.ts";
import { requireOnnx } from "../onnx-file.ts";
import { parsePreprocess } from "../preprocess-option.ts";
import { openProgress } from "../progress.ts";
import { hashModel, type StoredSelection } from "../selection.ts";
import { layOutTable } from "../table.ts";
import type { Terminal } from "../terminal.ts";
import { spellCount, spellMs } from "../units.ts";

interface Options {
  data: string[];
  preprocess?: Preprocess;
  output?: string;
  ratio: number;
  hybrid1?: boolean;
  tail?: boolean;
  gamma: number;
  form: CostForm;
  error: ErrorForm;
  cost: SelectOptions["cost"];
  maxMs?: number;
  json?: boolean;
}

const EXAMPLES = `
Examples:
  hybit select fbin.onnx --data drawings.npy -o selection.json
  hybit select fbin.onnx --data photos --preprocess rgb,224x224,mean=0.5,std=0.25 --cost ms
  hybit select fbin.onnx --data drawings.npy --max-ms 0.15
  hybit convert fbin.onnx --selection selection.json -o hybrid.hybit`;

export function addSelect(program: Command, terminal: Terminal): void {
  program
    .command("select")
    .summary("choose the layers that should keep real inputs")
    .description(
      "Measure what binarizing each layer's input loses on calibration inputs and what real inputs cost, and choose by the metric and the partition of " +
        "Hybrid Binary Networks. The model is an ONNX file trained with binary inputs; the choice is meant to be trained again.",
    )
    .argument("<model>", "an .onnx file with signs in front of its layers")
    .requiredOption("--data <files...>", "calibration inputs: a .npy array, or pictures, stroke files and folders of them")
    .option("--preprocess <rule>", "how pictures become the input, as for convert", parsePreprocess)
    .option("-o, --output <file>", "write the selection as JSON")
    .option("--ratio <R>", "largest share of the layers with binary weights that may keep real inputs", parseShare, DEFAULT_RATIO)
    .option("--hybrid1", "take the two top clusters, as the paper's Hybrid-1 (with --ratio 0.37 it gives its layers)")
    .option("--tail", "take as many layers from the end of the net instead, the paper's guideline")
    .option("--gamma <weight>", "weight of the cost in the metric error + gamma / cost", parseWeight, DEFAULT_GAMMA)
    .addOption(new Option("--form <form>", "how cost enters the metric").choices(COST_FORMS).default("inverse"))
    .addOption(new Option("--error <form>", "form of the error").choices(ERROR_FORMS).default("rmse"))
    .addOption(new Option("--cost <what>", "cost of a real input: MACs, or milliseconds measured here").choices(COSTS).default("macs"))
    .option("--max-ms <ms>", "instead: the layers whose real inputs change the outputs most, if the whole net takes no longer than this", parseMs)
    .option("--json", "machine-readable output")
    .addHelpText("after", EXAMPLES)
    .action((path: string, options: Options) => select(path, options, terminal));
}

async function select(path: string, options: Options, terminal: Terminal): Promise<void> {
  const bytes = await readBytes(path);
  requireOnnx(path, bytes);
  const { graph } = await about(path, () => importOnnx(bytes));
  if (graph.inputs.length !== 1) throw new UsageError(`select needs a model with one input, and ${path} has ${graph.inputs.length}`);
  const calibration = await openCalibration(options.data, graph, options.preprocess ?? graph.metadata.preprocess);
  const { ratio, tail, gamma, form, error, cost, maxMs } = options;
  const progress = openProgress(terminal);
  const onFile = (done: number) => progress.show({ step: calibration.files[done] ?? "timing", done, total: calibration.files.length });
  const chosen = { ratio, tail, gamma, form, error, cost, maxMs, tops: options.hybrid1 ? 2 : 1 };
  const selection = await about(path, () => selectLayers(graph, calibration.runs(onFile), { ...chosen, load: loadForComparison })).finally(() =>
    progress.close(),
  );
  const json: StoredSelection = { model: { name: graph.name, sha256: hashModel(bytes) }, options: chosen, ...selection };
  const text = JSON.stringify(json, null, 2);
  if (options.output !== undefined) await writeBytes(options.output, new TextEncoder().encode(`${text}\n`));
  if (options.json) terminal.print(text);
  else printSelection(selection, ratio, options.output, terminal);
}

function printSelection(
  { real, layers, total, images, equivalentMacs, curve }: Selection,
  ratio: number,
  output: string | undefined,
  terminal: Terminal,
): void {
  const right = "right" as const;
  const columns = [
    { head: "layer" },
    { head: "becomes" },
    { head: "error", align: right },
    { head: "relative", align: right },
    { head: "1-w2", align: right },
    { head: "MACs", align: right },
    { head: "ms", align: right },
    { head: "real adds", align: right },
    { head: "score", align: right },
    { head: "why", isProse: true },
  ];
  const rows = layers.map(({ name, kind, errors, cost, score, reason }) => [
    name,
    kind,
    ...(["rmse", "normalized", "oneMinusSquare"] as const).map((form) => errors?.[form].toFixed(3) ?? ""),
    cost ? spellCount(cost.macs) : "",
    cost ? spellMs(cost.ms) : "",
    cost ? spellMs(cost.addedMs) : "",
    score?.toFixed(3) ?? "",
    reason,
  ]);
  terminal.print(layOutTable(columns, rows, terminal));
  terminal.print("");
  const { before, after } = equivalentMacs;
  terminal.print(`measured on ${images} ${images === 1 ? "input" : "inputs"}`);
  terminal.print(
    `real inputs: ${terminal.paint.bold(real.join(", ") || "none")}; MACs, those on bits as 1/58: ${spellCount(before)} become ${spellCount(after)}`,
  );
  const spent = curve?.find((choice) => choice.real.join() === real.join());
  if (curve && spent) {
    terminal.print(
      `about ${spellMs(spent.ms)} ms, of ${spellMs(curve[0]?.ms ?? 0)} with binary and ${spellMs(curve.at(-1)?.ms ?? 0)} with real inputs everywhere`,
    );
  } else if (real.length > ratio * total)
    terminal.print(`that is more than ${ratio} of ${total} layers, which would be none: the highest score is taken`);
  if (output !== undefined) terminal.print(`written  ${output}`);
}

function parseShare(text: string): number {
  const share = Number(text);
  if (text === "" || !(share > 0 && share <= 1)) throw new InvalidArgumentError("It must be a number above 0 and up to 1.");
  return share;
}

function parseMs(text: string): number {
  const ms = Number(text);
  if (text === "" || !(ms > 0 && Number.isFinite(ms))) throw new InvalidArgumentError("It must be a number of milliseconds above 0.");
  return ms;
}

function parseWeight(text: string): number {
  const weight = Number(text);
  if (text === "" || !(weight >= 0 && Number.isFinite(weight))) throw new InvalidArgumentError("It must be a number from 0.");
  return weight;
}
