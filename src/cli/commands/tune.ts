// hybit tune: which kernel each layer should have on this machine, timed and written down beside the model.
import type { Command } from "commander";
import { loadModel } from "../../index.ts";
import { type TunedLayer, type Tuning, tuneModel } from "../../tune/tune.ts";
import { about } from "../failure.ts";
import { readBytes, writeBytes } from "../files.ts";
import { parseCount } from "../model-file.ts";
import { openProgress } from "../progress.ts";
import { layOutTable } from "../table.ts";
import type { Terminal } from "../terminal.ts";
import type { Tuned } from "../tuned.ts";
import { spellMs } from "../units.ts";

interface Options {
  output?: string;
  build: "auto" | "simd" | "scalar";
  runs: number;
  batch: number;
  json?: boolean;
}

export function addTune(program: Command, terminal: Terminal): void {
  program
    .command("tune")
    .summary("time every kernel that can run each layer here, and keep the fastest")
    .description(
      "Time every kernel that can run each layer of a model on this machine, on the layer's own shapes. The winners go into a small file " +
        "beside the model, which run, bench and inspect read with --tuned, and loadModel with { kernels }.",
    )
    .argument("<model>", "a .hybit file")
    .option("-o, --output <file>", "the file to write (default: the model's name with .tune.json)")
    .option("--build <build>", "wasm build to tune for: auto, simd, scalar", "auto")
    .option("--runs <count>", "how many times each kernel is timed", parseCount, 20)
    .option("--batch <count>", "batch size", parseCount, 1)
    .option("--json", "machine-readable output")
    .action((path: string, options: Options) => tune(path, options, terminal));
}

async function tune(path: string, options: Options, terminal: Terminal): Promise<void> {
  const bytes = await readBytes(path);
  const { build, batch, runs } = options;
  const progress = openProgress(terminal);
  let header: Pick<Tuned, "model" | "build"> = { model: "", build };
  const load = async (kernels: Record<string, string>) => {
    const model = await loadModel(bytes, { build, batch, kernels });
    header = { model: model.name, build: model.build };
    return model;
  };
  const work = () => tuneModel(load, { runs, onProgress: ({ done, total }) => progress.show({ step: "timing", done, total }) });
  const tuning = await about(path, work).finally(() => progress.close());
  const output = options.output ?? `${path.replace(/\.hybit$/, "")}.tune.json`;
  const tuned: Tuned = { ...header, batch, kernels: tuning.kernels };
  await writeBytes(output, new TextEncoder().encode(`${JSON.stringify(tuned, null, 2)}\n`));
  if (options.json) {
    terminal.print(JSON.stringify({ file: path, output, ...tuned, layers: tuning.layers, ms: tuning.ms }, null, 2));
    return;
  }
  printTuning(tuning, output, terminal);
}

function printTuning({ kernels, layers, ms }: Tuning, output: string, terminal: Terminal): void {
  if (layers.length === 0) {
    terminal.print(`no layer has a choice of kernels; written  ${output}`);
    return;
  }
  const columns = [{ head: "layer" }, { head: "kernel" }, { head: "ms", align: "right" as const }, { head: "" }];
  terminal.print(
    layOutTable(
      columns,
      layers.flatMap((layer) => tellLayer(layer, kernels[layer.node])),
      terminal,
    ),
  );
  terminal.print("");
  const count = Object.keys(kernels).length;
  terminal.print(`${count} of ${layers.length} layers get another kernel: ${spellMs(ms.untuned)} ms become ${spellMs(ms.tuned)} ms`);
  terminal.print(`written  ${output}`);
}

function tellLayer({ node, untuned, candidates }: TunedLayer, tuned = untuned): string[][] {
  return candidates.map(({ kernel, ms }, index) => {
    const remark = kernel === tuned ? (tuned === untuned ? "kept" : "chosen") : kernel === untuned ? "before" : "";
    return [index === 0 ? node : "", kernel, spellMs(ms), remark];
  });
}
