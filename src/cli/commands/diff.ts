// hybit diff: where two models, or a model and what another runtime made of it, begin to differ.
import { join } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import { Failure, UsageError } from "../failure.ts";
import { makeFolder, writeBytes } from "../files.ts";
import { type Intermediate, openIntermediates, type Source, toFileName } from "../intermediates.ts";
import { writeNpy } from "../npy.ts";
import { layOutTable } from "../table.ts";
import type { Terminal } from "../terminal.ts";
import { spellShape, spellShare } from "../units.ts";

interface Options {
  input: string[];
  tolerance: number;
  dump?: string;
  json?: boolean;
}

const EXAMPLES = `
Examples:
  hybit diff net.onnx net.hybit --input x.npy
  hybit diff net.hybit stored-outputs --input x.npy
  hybit diff net.hybit --input x.npy --dump values`;

export function addDiff(program: Command, terminal: Terminal): void {
  program
    .command("diff")
    .summary("find the first layer where two models differ")
    .description(
      "Run two models on the same inputs and compare every value that both compute, in order. An .onnx file is run as it was imported, a .hybit file as it " +
        "is stored; a folder holds values as .npy files. The exit code is 1 where something differs.",
    )
    .argument("<a>", "a .hybit or .onnx file")
    .argument("[b]", "another one, or a folder of .npy files named after the values")
    .option("--input <[name=]x.npy>", "inputs (default: seeded random numbers)", (text, all: string[]) => [...all, text], [])
    .option("--tolerance <share>", "difference that counts, as a share of the value's largest number", parseTolerance, 1e-3)
    .option("--dump <folder>", "write every value of <a> there, as .npy")
    .option("--json", "machine-readable output")
    .addHelpText("after", EXAMPLES)
    .action((a: string, b: string | undefined, options: Options) => diff(a, b, options, terminal));
}

interface Difference {
  name: string;
  shape: readonly number[];
  /** Largest difference, as a share of the largest number of both; where it is, and the two numbers there. */
  share: number;
  at: number[];
  a: number;
  b: number;
  /** Share of the elements that differ by more than the tolerance. */
  differing: number;
  node?: Intermediate["node"];
}

async function diff(pathA: string, pathB: string | undefined, options: Options, terminal: Terminal): Promise<void> {
  if (pathB === undefined && options.dump === undefined) throw new UsageError("there is nothing to compare with; give a second model, or --dump");
  const files = new Map(options.input.map((text, index): [string, string] => split(text, index)));
  const a = await openIntermediates(pathA, files, terminal);
  if (a.inputs === undefined) throw new UsageError("the first is a folder; give the model first");
  if (options.dump !== undefined) await dump(options.dump, a, terminal);
  if (pathB === undefined) return;
  const b = await openIntermediates(pathB, a.inputs, terminal);
  const compared = compare(a, b, options.tolerance);
  if (compared.length === 0)
    throw new Failure(`${pathB}: no value in it has the name of one of ${pathA}; rename the files, or export with the same names`);
  const first = compared.find(({ differing }) => differing > 0);
  if (options.json)
    terminal.print(JSON.stringify({ a: pathA, b: pathB, tolerance: options.tolerance, values: compared, first: first?.name ?? null }, null, 2));
  else print(compared, first, terminal);
  if (first !== undefined) process.exitCode = 1;
}

function split(text: string, index: number): [string, string] {
  const equals = text.indexOf("=");
  return equals > 0 ? [text.slice(0, equals), text.slice(equals + 1)] : [`input ${index}`, text];
}

async function dump(folder: string, { values }: Source, terminal: Terminal): Promise<void> {
  await makeFolder(folder);
  const taken = new Set<string>();
  for (const { name, shape, data } of values.values()) {
    let file = toFileName(name);
    for (let copy = 2; taken.has(file); copy++) file = `${toFileName(name)}_${copy}`;
    taken.add(file);
    await writeBytes(join(folder, `${file}.npy`), writeNpy(shape, data));
  }
  terminal.warn(`${values.size} values written to ${folder}`);
}

/** Compare what both have, in the order of a. */
function compare(a: Source, b: Source, tolerance: number): Difference[] {
  return [...a.values.values()].flatMap((left) => {
    const right = b.values.get(left.name) ?? b.values.get(toFileName(left.name));
    if (right === undefined || right.data.length !== left.data.length) return [];
    return [compareOne(left, right, tolerance)];
  });
}

function compareOne(left: Intermediate, right: Intermediate, tolerance: number): Difference {
  let [largest, most, at, count] = [0, -1, 0, 0];
  left.data.forEach((value, i) => {
    largest = Math.max(largest, Math.abs(value), Math.abs(right.data[i] as number));
  });
  left.data.forEach((value, i) => {
    const other = right.data[i] as number;
    const difference = Object.is(value, other) || value === other ? 0 : Math.abs(value - other);
    // NaN against a number differs.
    if (!(difference <= tolerance * largest)) count++;
    if (difference > most || (Number.isNaN(difference) && !Number.isNaN(most))) [most, at] = [difference, i];
  });
  const place = left.shape.map((dim, axis) => Math.floor(at / left.shape.slice(axis + 1).reduce((x, y) => x * y, 1)) % dim);
  const share = most <= 0 ? 0 : most / largest;
  const { name, shape, node } = left;
  const maker = right.node ?? node;
  const made = maker && { name: maker.name, op: maker.op, note: maker.note };
  return { name, shape, share, at: place, a: left.data[at] as number, b: right.data[at] as number, differing: count / left.data.length, node: made };
}

function print(compared: readonly Difference[], first: Difference | undefined, terminal: Terminal): void {
  const right = "right" as const;
  const columns = [
    { head: "value" },
    { head: "shape" },
    { head: "largest", align: right },
    { head: "differing", align: right },
    { head: "at" },
    { head: "a", align: right },
    { head: "b", align: right },
  ];
  const rows = compared.map(({ name, shape, share, differing, at, a, b }) => [
    name,
    spellShape(shape),
    share === 0 ? "equal" : share.toExponential(1),
    differing === 0 ? "" : spellShare(differing),
    share === 0 ? "" : `[${at}]`,
    share === 0 ? "" : spellNumber(a),
    share === 0 ? "" : spellNumber(b),
  ]);
  terminal.print(layOutTable(columns, rows, terminal));
  terminal.print("");
  if (first === undefined) {
    terminal.print(`${terminal.paint.bold("nothing differs")}: ${compared.length} values compared`);
    return;
  }
  const { name, node, at, a, b, differing } = first;
  terminal.print(
    `first to differ: ${terminal.paint.bold(name)}, in ${spellShare(differing)} of its elements; at [${at}] it is ${spellNumber(a)} and ${spellNumber(b)}`,
  );
  if (node) terminal.print(`made by ${node.op} "${node.name}"${node.note ? `: ${node.note}` : ""}`);
}

function spellNumber(value: number): string {
  return String(Number(value.toPrecision(6)));
}

function parseTolerance(text: string): number {
  const share = Number(text);
  if (text === "" || !(share >= 0 && Number.isFinite(share))) throw new InvalidArgumentError("It must be a number from 0.");
  return share;
}
