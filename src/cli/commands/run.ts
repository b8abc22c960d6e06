// hybit run: classify pictures, or compute a model's outputs for arrays in .npy files.
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { classify, type Result, requirePreprocess, warmUp } from "../classify.ts";
import { about, Failure, isForUsers, UsageError } from "../failure.ts";
import { makeFolder, readBytes, writeBytes } from "../files.ts";
import { readPictures } from "../images.ts";
import { toFileName } from "../intermediates.ts";
import { addEngineOptions, type EngineOptions, type OpenModel, openModel, parseCount } from "../model-file.ts";
import { type NpyArray, readNpy, writeNpy } from "../npy.ts";
import { showResult, showSummary } from "../show-results.ts";
import { countItems, runArrays } from "../tensors.ts";
import type { Terminal } from "../terminal.ts";
import { spellMs, spellShape } from "../units.ts";

interface Options extends EngineOptions {
  top: number;
  picture?: boolean;
  json?: boolean;
  input?: string[];
  out?: string;
}

const EXAMPLES = `
Examples:
  hybit run sketch.hybit photo.png drawings.ndjson --top 3
  hybit run sketch.hybit drawings.ndjson --picture
  hybit run net.hybit --input x.npy --out results
  hybit run net.hybit --input left=a.npy --input right=b.npy --out results`;

export function addRun(program: Command, terminal: Terminal): void {
  addEngineOptions(program.command("run"))
    .summary("classify pictures, or run on .npy arrays")
    .description("Classify PNG, JPEG and stroke files (QuickDraw's .ndjson, one drawing a line), or run on arrays and write every output as .npy.")
    .argument("<model>", "a .hybit file")
    .argument("[images...]", "pictures")
    .option("--top <count>", "how many labels to show", parseCount, 5)
    .option("--picture", "show what the model sees")
    .option("--input <[name=]x.npy...>", "arrays for the model's inputs; the first dimension is the batch")
    .option("--out <folder>", "where to write the outputs of --input, each as <output>.npy")
    .option("--json", "machine-readable output")
    .addHelpText("after", EXAMPLES)
    .action((path: string, images: string[], options: Options) => run(path, images, options, terminal));
}

async function run(path: string, images: string[], options: Options, terminal: Terminal): Promise<void> {
  if (options.input !== undefined && images.length > 0) throw new UsageError("give pictures or --input, not both");
  if (options.input === undefined && options.out !== undefined) throw new UsageError("--out goes with --input");
  if (options.input === undefined && images.length === 0) throw new UsageError("give at least one picture, or --input x.npy --out DIR");
  if (options.input !== undefined && options.out === undefined) throw new UsageError("--input needs --out DIR to write the outputs to");
  const open = await openModel(path, options);
  if (options.input !== undefined && options.out !== undefined) await runOnArrays(open, options.input, options.out, options, terminal);
  else await runOnPictures(open, images, options, terminal);
}

async function runOnPictures(open: OpenModel, images: readonly string[], options: Options, terminal: Terminal): Promise<void> {
  const rule = requirePreprocess(open);
  await about(open.path, () => warmUp(open, rule));
  const results: Result[] = [];
  const failures: { file: string; error: string }[] = [];
  for (const file of images) {
    try {
      const bytes = await readBytes(file);
      await about(file, () => {
        for (const picture of readPictures(bytes, rule)) {
          const result = classify(open, rule, picture, file, options.top);
          results.push(result);
          if (!options.json) terminal.print(`${showResult(result, options.picture === true, terminal)}\n`);
        }
      });
    } catch (error) {
      // The other pictures are still worth classifying; the exit code tells that one was not.
      if (!isForUsers(error)) throw error;
      failures.push({ file, error: error.message });
      terminal.warn(`hybit: ${error.message}`);
      process.exitCode = 1;
    }
  }
  if (options.json) {
    const shown = results.map(({ seen: _, ...rest }) => rest);
    terminal.print(JSON.stringify({ model: open.path, build: open.model.build, kernels: options.kernels, results: shown, failures }, null, 2));
  } else if (results.length > 0) {
    terminal.print(showSummary(results, open, terminal));
  }
}

async function runOnArrays(open: OpenModel, inputs: readonly string[], folder: string, options: Options, terminal: Terminal): Promise<void> {
  const { model, path } = open;
  const given = new Map<string, { file: string; array: NpyArray; items: number }>();
  for (const text of inputs) {
    const { name, file } = assignInput(text, open, given);
    const bytes = await readBytes(file);
    const info = model.inputs.find((input) => input.name === name) as (typeof model.inputs)[number];
    await about(file, () => {
      const array = readNpy(bytes);
      if (info.type === "i8" && array.type !== "i1") {
        throw new Failure(`its numbers are of NumPy type ${array.type} but input "${name}" takes int8; save them with x.astype("int8")`);
      }
      given.set(name, { file, array, items: countItems(info, array) });
      if (array.type === "u1" && model.metadata.preprocess !== undefined) {
        terminal.warn(`hybit: note: ${file} holds bytes; they are used as they are, the model's preprocessing is for pictures only`);
      }
    });
  }
  const missing = model.inputs.filter(({ name }) => !given.has(name)).map(({ name }) => name);
  if (missing.length > 0) throw new UsageError(`input ${missing.map((name) => `"${name}"`).join(", ")} is missing; add --input ${missing[0]}=x.npy`);
  const [first, ...others] = [...given.values()];
  const other = others.find(({ items }) => items !== first?.items);
  if (first === undefined || other !== undefined) {
    throw new Failure(
      `${other?.file}: it holds ${other?.items} items but ${first?.file} holds ${first?.items}; all inputs need the same first dimension`,
    );
  }

  const before = performance.now();
  const arrays = new Map([...given].map(([name, { array }]) => [name, array.data]));
  const outputs = await about(path, () => runArrays(model, arrays, first.items, options.maxMemory * 2 ** 20));
  const ms = performance.now() - before;
  await makeFolder(folder);
  const written: { name: string; shape: readonly number[]; file: string }[] = [];
  for (const { name, shape, data } of outputs) {
    const file = join(folder, `${toFileName(name)}.npy`);
    await writeBytes(file, writeNpy(shape, data));
    written.push({ name, shape, file });
    if (!options.json) terminal.print(`${file}  ${spellShape(shape)}`);
  }
  if (options.json)
    terminal.print(JSON.stringify({ model: path, build: model.build, kernels: options.kernels, items: first.items, ms, outputs: written }, null, 2));
  else terminal.print(terminal.paint.dim(`${first.items} ${first.items === 1 ? "item" : "items"} in ${spellMs(ms)} ms, ${model.build} build`));
}

/** Split `name=file`; without a name, the file is for the first input that has none yet. */
function assignInput(text: string, { model }: OpenModel, given: ReadonlyMap<string, unknown>): { name: string; file: string } {
  const names = model.inputs.map(({ name }) => name);
  const spelled = names.map((name) => `"${name}"`).join(", ");
  // A name may hold "=" and so may a path: a known name wins, then a file that exists.
  const known = names.find((name) => text.startsWith(`${name}=`));
  if (known !== undefined) {
    if (given.has(known)) throw new UsageError(`input "${known}" is given twice`);
    return { name: known, file: text.slice(known.length + 1) };
  }
  const equals = text.indexOf("=");
  if (equals > 0 && !existsSync(text)) throw new UsageError(`there is no input "${text.slice(0, equals)}"; the model's inputs are ${spelled}`);
  const name = names.find((candidate) => !given.has(candidate));
  if (name === undefined) throw new UsageError(`${text} is one input too many; the model's inputs are ${spelled}`);
  return { name, file: text };
}
