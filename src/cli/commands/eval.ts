// hybit eval: how often a model is right, on inputs whose classes are known.
import { basename } from "node:path";
import type { Command } from "commander";
import type { Model, Tensors } from "../../engine/model.ts";
import type { Preprocess } from "../../graph/graph.ts";
import { Confusion } from "../confusion.ts";
import { about, Failure } from "../failure.ts";
import { writeBytes } from "../files.ts";
import { type LabelledItem, openLabelled } from "../labelled.ts";
import { addEngineOptions, type EngineOptions, openModel } from "../model-file.ts";
import { parsePreprocess } from "../preprocess-option.ts";
import { openProgress } from "../progress.ts";
import { layOutTable } from "../table.ts";
import type { Terminal } from "../terminal.ts";
import { countClasses } from "../truth.ts";
import { spellBytes, spellShare } from "../units.ts";

interface Options extends EngineOptions {
  data: string;
  truth?: string;
  preprocess?: Preprocess;
  output?: string;
  json?: boolean;
}

/** Items of one run, where the model leaves it open. Arbitrary. */
const ITEMS_AT_ONCE = 16;

/** With more classes the matrix does not fit a terminal. */
const MOST_SHOWN = 20;

/** Confusions that are listed then. */
const LISTED = 15;

/** Top-5 says little of fewer classes. */
const LEAST_FOR_TOP5 = 10;

const EXAMPLES = `
Examples:
  hybit eval sketch.hybit --data test-drawings
  hybit eval digits.hybit --data t10k-images-idx3-ubyte.gz --truth t10k-labels-idx1-ubyte.gz -o digits.html
  hybit eval sketch.hybit --data x.npy --truth classes.npy --json`;

export function addEval(program: Command, terminal: Terminal): void {
  const command = program
    .command("eval")
    .summary("tell how often a model is right")
    .description("Run a model on inputs whose classes are known: top-1, top-5, every class, what is taken for what, and inputs a second.")
    .argument("<model>", "a .hybit file")
    .requiredOption("--data <path>", "a folder with a folder of pictures for each class, a stroke file, an idx, CSV or .npy file")
    .option("--truth <classes>", "the right class of every input, as an idx or .npy file, for idx and .npy inputs")
    .option("--preprocess <rule>", "how pictures become the input (default: as the model says)", parsePreprocess)
    .option("-o, --output <file>", "draw the confusion matrix as a web page")
    .option("--json", "machine-readable output");
  addEngineOptions(command)
    .addHelpText("after", EXAMPLES)
    .action((path: string, options: Options) => evaluate(path, options, terminal));
}

interface Speed {
  /** Inputs a second: with reading and preprocessing, and of the model alone. */
  whole: number;
  model: number;
}

async function evaluate(path: string, options: Options, terminal: Terminal): Promise<void> {
  const { model } = await openModel(path, options);
  if (model.inputs.length !== 1) throw new Failure(`${path}: it has ${model.inputs.length} inputs; eval takes models with one`);
  const classes = await about(path, () => countClasses(model));
  const progress = openProgress(terminal);
  const started = performance.now();
  let running = 0;
  const confusion = new Confusion(classes, model.metadata.labels);
  try {
    const data = await openLabelled(options.data, model, classes, options);
    const onFile = (done: number) => progress.show({ step: data.files[done] ?? "", done, total: data.files.length });
    for await (const batch of inBatches(data.items(onFile), batchOf(model))) {
      const before = performance.now();
      const scores = run(model, batch);
      running += performance.now() - before;
      batch.forEach(({ label }, i) => {
        confusion.add(scores.subarray(i * classes, (i + 1) * classes), label);
      });
      progress.show({ step: `${confusion.total} inputs`, done: 0, total: 1 });
    }
  } finally {
    progress.close();
  }
  const { total } = confusion;
  if (total === 0) throw new Failure(`${options.data}: it holds nothing to evaluate on`);
  const speed = { whole: (1000 * total) / (performance.now() - started), model: (1000 * total) / running };
  const written = options.output === undefined ? undefined : await writePage(options.output, path, confusion);
  if (options.json) printJson(path, confusion, speed, terminal);
  else {
    print(confusion, speed, terminal);
    if (written !== undefined) terminal.print(`written  ${terminal.paint.bold(options.output as string)}  ${spellBytes(written)}`);
  }
}

function batchOf({ inputs }: Model): number {
  const batch = inputs[0]?.shape[0] ?? 1;
  return batch > 0 ? batch : ITEMS_AT_ONCE;
}

async function* inBatches(items: AsyncIterable<LabelledItem>, size: number): AsyncGenerator<LabelledItem[]> {
  let batch: LabelledItem[] = [];
  for await (const item of items) {
    batch.push(item);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** Scores of a batch; one that is too short for a model of a fixed batch is filled with its first item. */
function run(model: Model, batch: readonly LabelledItem[]): Float32Array {
  const [input, output] = [model.inputs[0] as Model["inputs"][number], model.outputs[0]?.name as string];
  const fixed = input.shape[0] as number;
  const first = batch[0] as LabelledItem;
  const rows = fixed > 0 ? fixed : batch.length;
  const Numbers = input.type === "i8" ? Int8Array : Float32Array;
  const numbers = new Numbers(rows * first.input.length);
  for (let row = 0; row < rows; row++) numbers.set((batch[row] ?? first).input, row * first.input.length);
  return model.run({ [input.name]: numbers } as Tensors)[output] as Float32Array;
}

async function writePage(output: string, path: string, confusion: Confusion): Promise<number> {
  const { layOutReport } = await import("../../report/page.ts");
  const bytes = new TextEncoder().encode(layOutReport({ name: basename(path), confusion }));
  await writeBytes(output, bytes);
  return bytes.length;
}

function printJson(path: string, confusion: Confusion, speed: Speed, terminal: Terminal): void {
  const { labels, total, top1, top5, classes } = confusion;
  const matrix = labels.map((_, right) => labels.map((__, found) => confusion.at(right, found)));
  const scores = { inputs: total, top1: top1 / total, top5: top5 / total, inputsPerSecond: speed };
  // JSON has no NaN: what cannot be told is null.
  terminal.print(JSON.stringify({ model: path, ...scores, classes, confusion: matrix }, null, 2));
}

function print(confusion: Confusion, speed: Speed, terminal: Terminal): void {
  const { labels, total, top1, top5, classes } = confusion;
  const right = "right" as const;
  const share = (value: number) => (Number.isNaN(value) ? "" : spellShare(value));
  const columns = [
    { head: "class" },
    ...["inputs", "found", "recall", "precision"].map((head) => ({ head, align: right })),
    { head: "most often taken for" },
  ];
  const rows = classes
    .filter(({ count }) => count > 0)
    .map((each) => [
      each.label,
      each.count,
      each.right,
      share(each.recall),
      share(each.precision),
      each.takenFor ? `${each.takenFor.label} (${each.takenFor.count})` : "",
    ]);
  terminal.print(layOutTable(columns, rows, terminal));
  terminal.print("");
  if (labels.length <= MOST_SHOWN) terminal.print(layOutMatrix(confusion, terminal));
  else terminal.print(listConfusions(confusion, terminal));
  terminal.print("");
  const five = labels.length >= LEAST_FOR_TOP5 ? `, top-5 ${((100 * top5) / total).toFixed(2)} %` : "";
  terminal.print(`${terminal.paint.bold(`top-1 ${((100 * top1) / total).toFixed(2)} %`)}${five}  of ${total} inputs`);
  terminal.print(`${speed.whole.toFixed(0)} inputs/s with reading and preprocessing, ${speed.model.toFixed(0)} of the model alone`);
}

function layOutMatrix(confusion: Confusion, terminal: Terminal): string {
  const { labels } = confusion;
  const columns = [{ head: "right \\ found" }, ...labels.map((label) => ({ head: label.slice(0, 8), align: "right" as const }))];
  const rows = labels.map((label, right) => [label, ...labels.map((_, found) => confusion.at(right, found) || "")]);
  return layOutTable(columns, rows, terminal);
}

function listConfusions(confusion: Confusion, terminal: Terminal): string {
  const { labels } = confusion;
  const pairs = labels.flatMap((label, right) =>
    labels.flatMap((other, found) =>
      right === found || confusion.at(right, found) === 0 ? [] : [{ label, other, times: confusion.at(right, found) }],
    ),
  );
  const most = pairs.sort((a, b) => b.times - a.times).slice(0, LISTED);
  const columns = [{ head: "right" }, { head: "taken for" }, { head: "times", align: "right" as const }];
  return layOutTable(
    columns,
    most.map(({ label, other, times }) => [label, other, times]),
    terminal,
  );
}
