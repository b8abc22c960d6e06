// hybit inspect: what a model file holds, layer by layer, and with --plan what running it would do.
import type { Command } from "commander";
import type { Plan, PlannedValue, Step } from "../../engine/plan.ts";
import { about } from "../failure.ts";
import { addUp, describeLayers, type Layer, type Totals } from "../layers.ts";
import { addEngineOptions, type EngineOptions, type OpenModel, openModel, parseCount } from "../model-file.ts";
import { layOutTable } from "../table.ts";
import type { Terminal } from "../terminal.ts";
import { spellBytes, spellCount, spellRatio, spellShape, spellShare } from "../units.ts";

interface Options extends EngineOptions {
  plan?: boolean;
  json?: boolean;
  batch: number;
}

export function addInspect(program: Command, terminal: Terminal): void {
  addEngineOptions(program.command("inspect"))
    .summary("show what is in a model file")
    .description("Show a model file: metadata, and for every layer its kind, shape, bits, bytes and multiply-accumulates (MACs).")
    .argument("<model>", "a .hybit file")
    .option("--plan", "show the execution plan: steps, kernels and why, arena offsets, memory")
    .option("--batch <count>", "batch size for shapes, MACs and the plan", parseCount, 1)
    .option("--json", "machine-readable output")
    .action((path: string, options: Options) => inspect(path, options, terminal));
}

async function inspect(path: string, options: Options, terminal: Terminal): Promise<void> {
  const open = await openModel(path, options);
  const plan = await about(path, () => open.model.plan(options.batch));
  const parts = options.batch / plan.batch;
  const macs = new Map(plan.steps.map((step) => [step.node, step.macs * parts]));
  const layers = describeLayers(open.graph, options.batch, (node) => macs.get(node) ?? 0);
  const totals = addUp(open.graph, layers);
  if (options.json) {
    terminal.print(JSON.stringify(toJson(open, plan, layers, totals, options), null, 2));
    return;
  }
  printHeading(open, terminal);
  if (options.plan) printPlan(plan, open, options.batch, terminal);
  else printLayers(layers, totals, open.fileBytes, terminal);
}

function printHeading({ path, fileBytes, model }: OpenModel, { print, paint }: Terminal): void {
  const { labels, preprocess, license, attribution, producer, training, entries } = model.metadata;
  const describe = ({ name, type, shape }: (typeof model.inputs)[number]) => `${name} ${type} ${spellShape(shape)}`;
  const facts: [string, string | undefined][] = [
    ["name", model.name],
    ["inputs", model.inputs.map(describe).join(", ")],
    ["outputs", model.outputs.map(describe).join(", ")],
    ["labels", labels.length > 0 ? `${labels.length}: ${labels.slice(0, 10).join(", ")}${labels.length > 10 ? ", ..." : ""}` : undefined],
    ["images", preprocess && spellPreprocess(preprocess)],
    ["license", license],
    ["attribution", attribution],
    ["producer", producer],
    ["training", training],
    ...Object.entries(entries),
  ];
  print(`${paint.bold(path)}  ${spellBytes(fileBytes)}`);
  for (const [key, text] of facts) if (text) print(`  ${paint.dim(key.padEnd(11))} ${text}`);
  print("");
}

function spellPreprocess({ width, height, channels, mean, std, invert, resize }: NonNullable<OpenModel["model"]["metadata"]["preprocess"]>): string {
  return [`${channels} ${width}x${height}`, invert ? "inverted" : "", `mean ${mean.join(", ")}`, `std ${std.join(", ")}`, resize]
    .filter(Boolean)
    .join(", ");
}

function printLayers(layers: readonly Layer[], { bytes, floatBytes, macs }: Totals, fileBytes: number, terminal: Terminal): void {
  const rows = layers.map((layer) => [
    layer.name,
    [layer.kind ?? layer.op, ...(layer.stages ?? [])].join(" +"),
    spellShape(layer.outputShape),
    layer.inputBits,
    layer.weightBits ?? "",
    layer.outputBits,
    layer.bytes > 0 ? spellBytes(layer.bytes) : "",
    layer.kind ? spellRatio(layer.floatBytes, layer.bytes) : "",
    layer.macs > 0 ? spellCount(layer.macs) : "",
  ]);
  const right = "right" as const;
  const columns = [
    { head: "layer" },
    { head: "kind" },
    { head: "output" },
    { head: "in", align: right },
    { head: "w", align: right },
    { head: "out", align: right },
    { head: "bytes", align: right },
    { head: "vs f32", align: right },
    { head: "MACs", align: right },
  ];
  terminal.print(layOutTable(columns, rows, terminal));
  terminal.print(terminal.paint.dim("in, w, out: bits per element of the input, the weights, the output"));

  const all = macs.FPrec + macs.WBin + macs.FBin;
  const share = (name: string, count: number) => `${name} ${spellCount(count)} (${spellShare(all > 0 ? count / all : 0)})`;
  terminal.print("");
  terminal.print(
    `weights  ${spellBytes(bytes)}, in float ${spellBytes(floatBytes)}: ${spellRatio(floatBytes, bytes)} smaller; file ${spellBytes(fileBytes)}`,
  );
  terminal.print(`MACs     ${share("float", macs.FPrec)}, ${share("binary weights", macs.WBin)}, ${share("binary", macs.FBin)}`);

  const notes = layers.filter(({ note }) => note !== undefined).map(({ name, note }) => [name, note as string]);
  if (notes.length === 0) return;
  terminal.print("");
  terminal.print(layOutTable([{ head: "layer" }, { head: "why", isProse: true }], notes, terminal));
}

/** Of steps that say nothing because nothing was chosen. */
const ONLY_KERNEL = "the only kernel for these operands";

function printPlan(plan: Plan, { model }: OpenModel, batch: number, terminal: Terminal): void {
  const right = "right" as const;
  const columns = [
    { head: "step", align: right },
    { head: "layer" },
    { head: "op" },
    { head: "kernel" },
    { head: "inputs" },
    { head: "output" },
    { head: "bytes", align: right },
    { head: "MACs", align: right },
    { head: "why", isProse: true },
  ];
  const rows = plan.steps.map((step, index) => [
    index,
    step.node,
    step.op,
    step.kernel,
    spellPlaces(plan, step.inputs),
    spellPlaces(plan, step.outputs),
    spellBytes(countOutputBytes(plan, step)),
    step.macs > 0 ? spellCount(step.macs) : "",
    step.why ?? ONLY_KERNEL,
  ]);
  terminal.print(layOutTable(columns, rows, terminal));
  terminal.print(terminal.paint.dim("shape@offset: bytes from the start of the arena; @w: among the weights"));
  terminal.print("");
  const atOnce = plan.batch < batch ? ` in parts, ${plan.batch} at once` : "";
  terminal.print(
    `batch ${batch}${atOnce}, ${model.build} build: arena ${spellBytes(plan.arenaBytes)}, scratch ${spellBytes(plan.scratchBytes)}, ` +
      `tables ${spellBytes(plan.tableBytes)}, peak with weights ${spellBytes(model.memoryBytes)}, ${spellCount((plan.macs * batch) / plan.batch)} MACs`,
  );
}

function spellPlaces(plan: Plan, indices: readonly number[]): string {
  return indices
    .map((index) => {
      const { type, shape, place } = plan.values[index] as PlannedValue;
      return `${type === "f32" ? "" : `${type} `}${spellShape(shape)}@${"arena" in place ? place.arena : "w"}`;
    })
    .join(" ");
}

function countOutputBytes(plan: Plan, { outputs }: Step): number {
  return outputs.reduce((sum, index) => sum + (plan.values[index]?.bytes ?? 0), 0);
}

function toJson({ path, fileBytes, model }: OpenModel, plan: Plan, layers: Layer[], totals: Totals, options: Options) {
  const { batch: atOnce, arenaBytes, scratchBytes, tableBytes, macs } = plan;
  const steps = plan.steps.map(({ node, op, kernel, why = ONLY_KERNEL, inputs, outputs, macs }) => {
    const describe = (index: number) => plan.values[index] as PlannedValue;
    return { node, op, kernel, why, inputs: inputs.map(describe), outputs: outputs.map(describe), macs };
  });
  return {
    file: path,
    fileBytes,
    name: model.name,
    inputs: model.inputs,
    outputs: model.outputs,
    metadata: model.metadata,
    batch: options.batch,
    layers,
    totals,
    ...(options.plan && {
      plan: { build: model.build, batch: atOnce, steps, arenaBytes, scratchBytes, tableBytes, peakBytes: model.memoryBytes, macs },
    }),
  };
}
