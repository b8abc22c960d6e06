// hybit select: which layers of a binary net should keep real inputs, by what their signs lose and what real inputs cost.
import { type Command, InvalidArgumentError, Option } from "commander";
import { WEIGHT_BINARIZATIONS, type WeightBinarization } from "../../binarize/binarize-weights.ts";
import type { Preprocess } from "../../graph/graph.ts";
import { ERROR_FORMS, type ErrorForm } from "../../select/input-error.ts";
import { COST_FORMS, type CostForm, DEFAULT_GAMMA } from "../../select/metric.ts";
import { DEFAULT_RATIO, type Selection, type SelectOptions, selectLayers } from "../../select/select.ts";
import { COSTS } from "../../select/spend.ts";
import { openCalibration } from "../calibration.ts";
import { about, UsageError } from "../failure.ts";
import { readBytes, writeBytes } from "../files.ts";
import { loadForComparison } from "../int8.ts";
import { readNpy } from "../npy.ts";
import { importFrom, readOnnx } from "../onnx-file.ts";
import { parsePreprocess } from "../preprocess-option.ts";
import { openProgress } from "../progress.ts";
import { hashModel, type StoredSelection } from "../selection.ts";
import { layOutTable } from "../table.ts";
import type { Terminal } from "../terminal.ts";
import { spellBytes, spellCount, spellMs, spellShare } from "../units.ts";

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
  cost?: SelectOptions["cost"];
  binarize?: WeightBinarization;
  layers?: string[];
  maxMs?: number;
  maxBytes?: number;
  maxDrop?: number;
  truth?: string;
  json?: boolean;
}

const EXAMPLES = `
Examples:
  hybit select fbin.onnx --data drawings.npy -o selection.json
  hybit select fbin.onnx --data photos --preprocess rgb,224x224,mean=0.5,std=0.25 --cost ms
  hybit select fbin.onnx --data drawings.npy --max-ms 0.15
  hybit select float.onnx --data photos.npy --binarize 8-bit --max-drop 0.01 --truth classes.npy -o selection.json
  hybit convert fbin.onnx --selection selection.json -o hybrid.hybit`;

export function addSelect(program: Command, terminal: Terminal): void {
  program
    .command("select")
    .summary("choose the layers that should keep real inputs")
    .description(
      "Measure what binarizing each layer's input loses on calibration inputs and what real inputs cost, and choose by the metric and the partition of " +
        "Hybrid Binary Networks. The model is an ONNX file trained with binary inputs; the choice is meant to be trained again. With --binarize: of a net with real weights, which layers keep them.",
    )
    .argument("<model>", "an .onnx file")
    .requiredOption("--data <files...>", "calibration inputs: a .npy array, or pictures, stroke files and folders of them")
    .option("--preprocess <rule>", "how pictures become the input, as for convert", parsePreprocess)
    .option("-o, --output <file>", "write the selection as JSON")
    .option("--ratio <R>", "largest share of the layers with binary weights that may keep real inputs", parseShare, DEFAULT_RATIO)
    .option("--hybrid1", "take the two top clusters, as the paper's Hybrid-1 (with --ratio 0.37 it gives its layers)")
    .option("--tail", "take as many layers from the end of the net instead, the paper's guideline")
    .option("--gamma <weight>", "weight of the cost in the metric error + gamma / cost", parseWeight, DEFAULT_GAMMA)
    .addOption(new Option("--form <form>", "how cost enters the metric").choices(COST_FORMS).default("inverse"))
    .addOption(new Option("--error <form>", "form of the error").choices(ERROR_FORMS).default("rmse"))
    .addOption(
      new Option("--cost <what>", "what being real costs: MACs, milliseconds measured here, or bytes (default: macs, with --binarize bytes)").choices(
        COSTS,
      ),
    )
    .addOption(
      new Option("--binarize <method>", "choose which layers keep real weights instead, the others being binarized so; needs a budget").choices(
        WEIGHT_BINARIZATIONS,
      ),
    )
    .option("--layers <names>", "layers to choose among with --binarize, with commas (default: all but the first and the last)", (text) =>
      text.split(","),
    )
    .option(
      "--max-ms <ms>",
      "budget: real where it changes the outputs most, if the whole net takes no longer than this",
      parseAbove0("milliseconds"),
    )
    .option("--max-bytes <bytes>", "budget: the same, if the model file has no more bytes than this", parseAbove0("bytes"))
    .option("--max-drop <share>", "budget: binary where that is worth most, if outputs change, or accuracy drops, by no more than this", parseWeight)
    .option("--truth <classes.npy>", "the right class of every input: budgets go by accuracy, not by the change of the outputs")
    .option("--json", "machine-readable output")
    .addHelpText("after", EXAMPLES)
    .action((path: string, options: Options) => select(path, options, terminal));
}

async function select(path: string, options: Options, terminal: Terminal): Promise<void> {
  const file = await readOnnx(path, terminal);
  const graph = await importFrom(file);
  if (graph.inputs.length !== 1) throw new UsageError(`select needs a model with one input, and ${path} has ${graph.inputs.length}`);
  const calibration = await openCalibration(options.data, graph, options.preprocess ?? graph.metadata.preprocess);
  const truth = options.truth === undefined ? undefined : await readBytes(options.truth);
  const classes = truth && (await about(options.truth ?? "", () => readNpy(truth).data));
  const { ratio, tail, gamma, form, error, cost, binarize, layers: among, maxMs, maxBytes, maxDrop } = options;
  const progress = openProgress(terminal);
  const { files } = calibration;
  let now = { step: "", done: 0, total: 1 };
  const onFile = (done: number) => {
    const step = [now.step, files[done]].filter(Boolean).join(": ");
    progress.show({ step, done: now.done * files.length + done, total: now.total * files.length });
  };
  const onStep = (step: typeof now) => {
    now = step;
  };
  const chosen = { ratio, tail, gamma, form, error, cost, binarize, among, maxMs, maxBytes, maxDrop, tops: options.hybrid1 ? 2 : 1 };
  const all = { ...chosen, truth: classes, onStep, load: loadForComparison };
  const selection = await about(path, () => selectLayers(graph, calibration.runs(onFile), all)).finally(() => progress.close());
  const json: StoredSelection = { model: { name: graph.name, sha256: hashModel(file.bytes) }, options: chosen, ...selection };
  const text = JSON.stringify(json, null, 2);
  if (options.output !== undefined) await writeBytes(options.output, new TextEncoder().encode(`${text}\n`));
  if (options.json) terminal.print(text);
  else printSelection(selection, ratio, options.output, terminal);
}

function printSelection(selection: Selection, ratio: number, output: string | undefined, terminal: Terminal): void {
  const { what, real, layers, total, images, equivalentMacs, budget } = selection;
  const right = "right" as const;
  const isScored = layers.some(({ score }) => score !== undefined);
  const columns = [
    { head: "layer" },
    { head: "becomes" },
    ...(isScored ? ["error", "relative", "1-w2", "score"] : []).map((head) => ({ head, align: right })),
    ...["MACs", "ms", "real adds"].map((head) => ({ head, align: right })),
    { head: "why", isProse: true },
  ];
  const rows = layers.map(({ name, kind, errors, cost, score, reason }) => [
    name,
    kind,
    ...(isScored ? [...ERROR_FORMS.map((form) => errors?.[form].toFixed(3) ?? ""), score?.toFixed(3) ?? ""] : []),
    cost ? spellCount(cost.macs) : "",
    cost ? spellMs(cost.ms) : "",
    cost ? spellMs(cost.addedMs) : "",
    reason,
  ]);
  terminal.print(layOutTable(columns, rows, terminal));
  terminal.print("");
  const { before, after } = equivalentMacs;
  const becomes = before === after ? spellCount(after) : `${spellCount(before)} become ${spellCount(after)}`;
  terminal.print(`measured on ${images} ${images === 1 ? "input" : "inputs"}`);
  terminal.print(`real ${what}: ${terminal.paint.bold(real.join(", ") || "none")}; MACs, those on bits as 1/58: ${becomes}`);
  if (budget) terminal.print(spellBudget(budget, what, real));
  else if (real.length > ratio * total)
    terminal.print(`that is more than ${ratio} of ${total} layers, which would be none: the highest score is taken`);
  if (output !== undefined) terminal.print(`written  ${output}`);
}

function spellBudget({ curve, unit, check }: NonNullable<Selection["budget"]>, what: string, real: readonly string[]): string {
  const spell = (price = 0) => ({ ms: `${spellMs(price)} ms`, bytes: spellBytes(price), macs: `${spellCount(price)} real MACs` })[unit];
  const point = curve.find((choice) => choice.real.join() === real.join());
  const range = `about ${spell(point?.price)}, of ${spell(curve[0]?.price)} with binary and ${spell(curve.at(-1)?.price)} with real ${what} everywhere`;
  if (check?.accuracy)
    return `${range}; accuracy on these inputs ${spellShare(check.accuracy.before)}, as chosen ${spellShare(check.accuracy.after)}`;
  return check ? `${range}; the outputs change by ${spellShare(check.divergence)}` : range;
}

function parseShare(text: string): number {
  const share = Number(text);
  if (text === "" || !(share > 0 && share <= 1)) throw new InvalidArgumentError("It must be a number above 0 and up to 1.");
  return share;
}

function parseAbove0(unit: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text === "" || !(value > 0 && Number.isFinite(value))) throw new InvalidArgumentError(`It must be a number of ${unit} above 0.`);
    return value;
  };
}

function parseWeight(text: string): number {
  const weight = Number(text);
  if (text === "" || !(weight >= 0 && Number.isFinite(weight))) throw new InvalidArgumentError("It must be a number from 0.");
  return weight;
}
