// hybit convert: an ONNX file becomes a .hybit file, with a table of what each layer became and why.
import { type Command, InvalidArgumentError, Option } from "commander";
import { DEFAULT_TOLERANCE } from "../../binarize/levels.ts";
import {
  type Converted,
  type ConvertOptions,
  convertModel,
  INT8_LAYERS,
  type Int8Layers,
  type SignZero,
  WEIGHT_BINARIZATIONS,
} from "../../convert.ts";
import type { Metadata, Preprocess } from "../../graph/graph.ts";
import { type Compressed, compress } from "../compressed.ts";
import { type Corrected, prepareNorms, spellCorrected } from "../corrections.ts";
import { about, UsageError } from "../failure.ts";
import { readBytes, writeBytes } from "../files.ts";
import { type Comparison, compareModels, cutInputs, drawInputs, findRanges, loadForComparison, spellComparison } from "../int8.ts";
import { readLabels } from "../labels.ts";
import { readNpy } from "../npy.ts";
import { readOnnx } from "../onnx-file.ts";
import { parsePreprocess } from "../preprocess-option.ts";
import { openProgress } from "../progress.ts";
import { readChoice } from "../selection.ts";
import { layOutTable } from "../table.ts";
import type { Terminal } from "../terminal.ts";
import { spellBytes, spellRatio, spellShape } from "../units.ts";

interface Options {
  output: string;
  labels?: string;
  preprocess?: Preprocess;
  name?: string;
  license?: string;
  attribution?: string;
  training?: string;
  tolerance?: number;
  signZero: SignZero;
  int8?: Int8Layers;
  bytes?: boolean;
  selection?: string;
  binarize?: ConvertOptions["binarize"];
  layers?: string[];
  xnorScale?: boolean;
  calibrate?: string;
  truth?: string;
  json?: boolean;
}

const EXAMPLES = `
Examples:
  hybit convert net.onnx -o net.hybit
  curl -L https://example.com/net.onnx | hybit convert - -o net.hybit
  hybit convert sketch.onnx -o sketch.hybit --labels cat,dog,fish --preprocess gray,28x28,invert
  hybit convert photo.onnx -o photo.hybit --labels classes.txt \\
    --preprocess rgb,224x224,mean=0.485,0.456,0.406,std=0.229,0.224,0.225,resize=cover`;

export function addConvert(program: Command, terminal: Terminal): void {
  program
    .command("convert")
    .summary("make a .hybit model from an ONNX or TensorFlow Lite file")
    .description(
      "Convert an ONNX or TensorFlow Lite model. Layers whose weights take two values per filter are stored as bits; a table says what each layer became and why.",
    )
    .argument("<model>", "an .onnx or .tflite file, a URL of one, or - for what is piped in")
    .requiredOption("-o, --output <file>", "the .hybit file to write")
    .option("--labels <names>", "class names: a,b,c, or a .txt file with one a line, or a .json list")
    .option(
      "--preprocess <rule>",
      "how pictures become the input: gray|rgb|bgr,WxH[,invert][,mean=..][,std=..][,resize=stretch|contain|cover]",
      parsePreprocess,
    )
    .option("--name <name>", "name of the model (default: the graph's name)")
    .option("--license <id>", "licence of the model, e.g. Apache-2.0")
    .option("--attribution <text>", "whom to name")
    .option("--training <text>", "notes on data, recipe, accuracy")
    .option("--tolerance <share>", "relative difference below which two weights count as equal (default: 1e-5)", parseTolerance)
    .addOption(
      new Option("--sign-zero <choice>", "what the sign of an exact 0 becomes where ONNX says 0")
        .choices(["plus", "minus", "refuse"])
        .default("plus"),
    )
    .addOption(
      new Option("--int8 <layers>", "layers that read real inputs as int8: the first, those with binary weights, or both").choices(INT8_LAYERS),
    )
    .option("--calibrate <x.npy>", "inputs to find fixed int8 scales with, to estimate norms again with after --binarize, and to compare on")
    .option("--truth <classes.npy>", "the right class of each of these inputs, to tell the accuracy with")
    .option("--bytes", "the model takes 8-bit pixels, as int8; needs a --preprocess with one mean, a whole pixel, for all channels")
    .addOption(
      new Option("--binarize <method>", "replace real weights by their nearest binary ones, which changes what the net computes").choices(
        WEIGHT_BINARIZATIONS,
      ),
    )
    .option("--layers <names>", "layers to --binarize, with commas (default: all but the first and the last)", (text) => text.split(","))
    .option("--xnor-scale", "scale convolutions of signs by XNOR-Net's K, the mean |x| under each window, which changes what the net computes")
    .option("--selection <file>", "keep inputs, or weights, real where this file, which hybit select wrote for this model, says so")
    .option("--json", "machine-readable report")
    .addHelpText("after", EXAMPLES)
    .action((path: string, options: Options) => convert(path, options, terminal));
}

async function convert(source: string, options: Options, terminal: Terminal): Promise<void> {
  const { int8, calibrate } = options;
  if (options.layers !== undefined && options.binarize === undefined) throw new UsageError("--layers goes with --binarize");
  const { name: path, bytes, files } = await readOnnx(source, terminal);
  const chosen = options.selection === undefined ? {} : await readChoice(options.selection, path, bytes);
  if (chosen.binarize && options.binarize) throw new UsageError(`${options.selection} says how weights are binarized; leave --binarize out`);
  const { realInputs, binarize = options.binarize, layers = options.layers } = chosen;
  if (calibrate !== undefined && int8 === undefined && binarize === undefined) throw new UsageError("--calibrate goes with --int8 or --binarize");
  if (options.truth !== undefined && (calibrate === undefined || binarize === undefined))
    throw new UsageError("--truth goes with --binarize and --calibrate");
  const labels = options.labels === undefined ? undefined : await readLabels(options.labels);
  const { name, preprocess, tolerance, signZero, bytes: takesBytes, xnorScale } = options;
  const convertTo = (changes: ConvertOptions): Promise<Converted> => {
    const progress = openProgress(terminal);
    const all = {
      name,
      labels,
      preprocess,
      tolerance,
      signZero,
      realInputs,
      binarize,
      layers,
      xnorScale,
      files,
      metadata: collectMetadata(options),
      onProgress: progress.show,
      ...changes,
    };
    return about(path, () => convertModel(bytes, all)).finally(() => progress.close());
  };
  const needsNorms = binarize !== undefined && calibrate !== undefined;
  const norms = needsNorms
    ? await prepareNorms(path, bytes, { signZero, binarize, layers, realInputs, files }, { calibrate, truth: options.truth }, convertTo, terminal)
    : undefined;
  const corrections = norms?.corrections;
  const rounding = int8 && (await prepareInt8(path, int8, calibrate, (await convertTo({ corrections })).model));
  const converted = await convertTo({ int8, int8Ranges: rounding?.ranges, bytes: takesBytes, corrections });
  await writeBytes(options.output, converted.model);
  const found = rounding && (await about(path, () => rounding.compare(converted)));

  const { model, report, warnings } = converted;
  const compressed = compress(model);
  for (const warning of warnings) terminal.warn(`${terminal.paintError.yellow("warning:")} ${warning}`);
  if (options.json) {
    const json = {
      input: path,
      output: options.output,
      fileBytes: model.length,
      ...report,
      ...(found && { int8: found }),
      norms: norms?.scores,
      compressed,
      warnings,
    };
    terminal.print(JSON.stringify(json, null, 2));
  } else
    printReport(
      path,
      bytes.length,
      options.output,
      converted,
      { int8: found, norms: norms?.scores, compressed, tolerance: tolerance ?? DEFAULT_TOLERANCE },
      terminal,
    );
}

interface Int8Found extends Comparison {
  layers: number;
  /** What the inputs were: "random" or "calibration". */
  kind: string;
}

/** Find ranges, if there are inputs to find them with, and be ready to compare with the model that has no int8 inputs. */
async function prepareInt8(path: string, which: Int8Layers, calibrate: string | undefined, plainBytes: Uint8Array) {
  const plain = await about(path, () => loadForComparison(plainBytes));
  const array = calibrate === undefined ? undefined : await readBytes(calibrate);
  const runs = array === undefined ? drawInputs(plain) : await about(calibrate ?? "", () => cutInputs(plain, readNpy(array)));
  return {
    ranges: array && (await about(path, () => findRanges(plainBytes, which, runs))),
    async compare({ model, report }: Converted): Promise<Int8Found> {
      const layers = report.layers.filter(({ input }) => input === "int8").length;
      const kind = array === undefined ? "random" : "calibration";
      return { layers, kind, ...compareModels(plain, await loadForComparison(model), runs) };
    },
  };
}

function collectMetadata({ license, attribution, training }: Options): Partial<Metadata> {
  return Object.fromEntries(Object.entries({ license, attribution, training }).filter(([, text]) => text !== undefined));
}

function printReport(
  path: string,
  onnxBytes: number,
  output: string,
  { model, report, warnings }: Converted,
  { int8, norms, compressed, tolerance }: { int8: Int8Found | undefined; norms: Corrected | undefined; compressed: Compressed; tolerance: number },
  terminal: Terminal,
): void {
  const { print, paint } = terminal;
  const right = "right" as const;
  const columns = [
    { head: "layer" },
    { head: "kind" },
    { head: "weights" },
    { head: "in" },
    { head: "out" },
    { head: "shape" },
    { head: "bytes", align: right },
    { head: "float", align: right },
    { head: "ratio", align: right },
  ];
  const rows = report.layers.map(({ name, kind, weights, input, output: result, shape, bytes, floatBytes }) => [
    name,
    kind,
    weights,
    { float: "f32", int8: "i8", binary: "bit" }[input],
    { f32: "f32", bits: "bit", i8: "i8" }[result],
    spellShape(shape),
    spellBytes(bytes),
    floatBytes > 0 ? spellBytes(floatBytes) : "",
    floatBytes > 0 ? spellRatio(floatBytes, bytes) : "",
  ]);
  print(layOutTable(columns, rows, terminal));
  print("");
  const reasons = report.layers.map(({ name, reason }) => [name, reason]);
  print(layOutTable([{ head: "layer" }, { head: "why", isProse: true }], reasons, terminal));
  print("");
  const kinds = (["FPrec", "WBin", "FBin"] as const).map((kind) => `${report.layers.filter((layer) => layer.kind === kind).length} ${kind}`);
  print(`layers   ${kinds.join(", ")}`);
  print(`weights  ${spellBytes(report.bytes)}, in float ${spellBytes(report.floatBytes)}: ${spellRatio(report.floatBytes, report.bytes)} smaller`);
  if (report.layers.some(({ kind }) => kind !== "FPrec"))
    print(`         weights of a filter that differ by less than ${tolerance} of its largest count as equal`);
  if (int8?.layers === 0) print("int8 inputs: no layer takes them");
  else if (int8) print(`int8 inputs: ${int8.layers} ${int8.layers === 1 ? "layer" : "layers"}; ${spellComparison(int8, int8.kind)}`);
  if (norms) print(spellCorrected(norms));
  print(`written  ${paint.bold(output)}  ${spellBytes(model.length)}  (${path} has ${spellBytes(onnxBytes)})`);
  print(`         ${spellBytes(compressed.gzip)} with gzip, ${spellBytes(compressed.brotli)} with brotli`);
  if (warnings.length > 0) print(`${warnings.length} ${warnings.length === 1 ? "warning" : "warnings"}, see above`);
}

function parseTolerance(text: string): number {
  const share = Number(text);
  if (text === "" || !(share >= 0 && share < 1)) throw new InvalidArgumentError("It must be a number from 0 and below 1.");
  return share;
}
