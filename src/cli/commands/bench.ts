// hybit bench: how long a model takes here, whole and layer by layer.
import type { Command } from "commander";
import type { Inputs, Model } from "../../engine/model.ts";
import { type LayerProfile, median } from "../../engine/profile.ts";
import { drawBar } from "../draw.ts";
import { about } from "../failure.ts";
import { addEngineOptions, type EngineOptions, openModel, parseCount } from "../model-file.ts";
import { layOutTable } from "../table.ts";
import type { Terminal } from "../terminal.ts";
import { spellBytes, spellCount, spellMs, spellShare } from "../units.ts";

interface Options extends EngineOptions {
  runs: number;
  batch: number;
  json?: boolean;
}

/** Enough for the host's optimising compiler to have replaced its first, quick code. */
const WARMUP_RUNS = 10;

export function addBench(program: Command, terminal: Terminal): void {
  addEngineOptions(program.command("bench"))
    .summary("time a model, whole and layer by layer")
    .description("Time a model on random inputs: the whole of it, and every layer with its share and its multiply-accumulates per second.")
    .argument("<model>", "a .hybit file")
    .option("--runs <count>", "how many runs to take the median of", parseCount, 50)
    .option("--batch <count>", "batch size", parseCount, 1)
    .option("--json", "machine-readable output")
    .action((path: string, options: Options) => bench(path, options, terminal));
}

async function bench(path: string, options: Options, terminal: Terminal): Promise<void> {
  const { model, fileBytes } = await openModel(path, options);
  const { times, layers } = await about(path, () => measure(model, options));
  const [whole, least] = [median(times), Math.min(...times)];
  const batch = batchOf(model, options);
  const macs = layers.reduce((sum, layer) => sum + layer.macs, 0);
  if (options.json) {
    const { build, runs, kernels } = { ...options, build: model.build };
    terminal.print(JSON.stringify({ file: path, fileBytes, build, kernels, batch, runs, ms: { median: whole, min: least }, macs, layers }, null, 2));
    return;
  }
  const kernels = options.kernels === "reference" ? ", reference kernels" : "";
  terminal.print(
    `${terminal.paint.bold(path)}  ${spellBytes(fileBytes)}, ${model.build} build${kernels}, batch ${batch}${spellParts(model, batch)}, ${options.runs} runs`,
  );
  terminal.print("");
  printLayers(layers, terminal);
  terminal.print("");
  terminal.print(`whole model  ${spellMs(whole)} ms median, ${spellMs(least)} ms min, ${spellCount(macs)} MACs, ${spellRate(macs, whole)} GMAC/s`);
}

/** Time whole runs first, then runs with a look at the clock after every layer, which cost a little more. */
function measure(model: Model, options: Options): { times: number[]; layers: LayerProfile[] } {
  const { runs } = options;
  const inputs = makeInputs(model, batchOf(model, options));
  const times: number[] = [];
  for (let run = -WARMUP_RUNS; run < runs; run++) {
    const before = performance.now();
    model.run(inputs);
    if (run >= 0) times.push(performance.now() - before);
  }
  return { times, layers: model.profile({ inputs, runs, warmup: WARMUP_RUNS }) };
}

/** What the shapes fix, or what was asked for. */
function batchOf({ inputs }: Model, { batch }: Options): number {
  return inputs.map(({ shape }) => shape[0]).find((dim) => dim !== -1) ?? batch;
}

/** The same numbers in -1..1 every time, from a linear congruential generator. */
function makeInputs(model: Model, batch: number): Inputs {
  let state = 1;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
  return Object.fromEntries(
    model.inputs.map(({ name, type, shape }) => {
      const length = shape.reduce((a, b) => a * (b < 0 ? batch : b), 1);
      return [name, type === "i8" ? Int8Array.from({ length }, () => 127 * next()) : Float32Array.from({ length }, next)];
    }),
  );
}

/** ", 4 at once", or nothing where a batch runs whole. */
function spellParts(model: Model, batch: number): string {
  const atOnce = model.plan(batch).batch;
  return atOnce < batch ? `, ${atOnce} at once` : "";
}

function printLayers(layers: readonly LayerProfile[], terminal: Terminal): void {
  const all = layers.reduce((sum, { ms }) => sum + ms, 0);
  const right = "right" as const;
  const columns = [
    { head: "layer" },
    { head: "kernel" },
    { head: "ms", align: right },
    { head: "share", align: right },
    { head: "" },
    { head: "MACs", align: right },
    { head: "GMAC/s", align: right },
  ];
  const rows = layers.map(({ node, kernel, ms, macs }) => {
    const share = all > 0 ? ms / all : 0;
    return [node, kernel, spellMs(ms), spellShare(share), drawBar(share, 12), macs > 0 ? spellCount(macs) : "", macs > 0 ? spellRate(macs, ms) : ""];
  });
  terminal.print(layOutTable(columns, rows, terminal));
}

/** Multiply-accumulates per second, in units of 10^9. */
function spellRate(macs: number, ms: number): string {
  return ms > 0 ? (macs / ms / 1e6).toFixed(macs / ms >= 1e7 ? 1 : 2) : "";
}
