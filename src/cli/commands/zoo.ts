// hybit zoo: networks of the literature with seeded random weights, listed or built.
import { Argument, type Command, Option } from "commander";
import {
  buildZoo,
  estimateCost,
  INT8_LAYERS,
  LAST_WEIGHTS,
  measureZoo,
  VARIANTS,
  type Variant,
  writeModel,
  ZOO,
  type ZooName,
  type ZooOptions,
} from "../../convert.ts";
import { about, UsageError } from "../failure.ts";
import { writeBytes } from "../files.ts";
import { parseCount } from "../model-file.ts";
import { openProgress } from "../progress.ts";
import { layOutTable } from "../table.ts";
import type { Terminal } from "../terminal.ts";
import { spellBytes, spellCount } from "../units.ts";

interface Options extends Pick<ZooOptions, "last" | "seed" | "size" | "classes" | "divider" | "weights" | "int8"> {
  variant: Variant;
  output?: string;
  json?: boolean;
}

const NAMES = Object.keys(ZOO) as ZooName[];

const EXAMPLES = `
Examples:
  hybit zoo
  hybit zoo resnet18 --variant fbin -o resnet18.hybit
  hybit zoo sketchanet --variant hybrid --weights two-level --seed 7 -o sketch.hybit`;

export function addZoo(program: Command, terminal: Terminal): void {
  program
    .command("zoo")
    .summary("make a well-known network with random weights")
    .description("List the networks that can be made, or make one with seeded random weights: to measure with, not to classify with.")
    .addArgument(new Argument("[name]", "which network").choices(NAMES))
    .option("-o, --output <file>", "the .hybit file to write")
    .addOption(new Option("--variant <variant>", "which layers are binary").choices(VARIANTS).default("fbin"))
    .addOption(new Option("--last <weights>", "what the last layer's weights are").choices(LAST_WEIGHTS).default("real"))
    .addOption(new Option("--weights <kind>", "what binary weights are: +-alpha, or alpha and beta").choices(["sign", "two-level"]).default("sign"))
    .addOption(
      new Option("--int8 <layers>", "layers that read real inputs as int8: the first, those with binary weights, or both").choices(INT8_LAYERS),
    )
    .option("--seed <number>", "the same seed gives the same weights", parseCount, 1)
    .option("--size <pixels>", "width and height of the input (default: the network's own)", parseCount)
    .option("--classes <count>", "number of outputs (default: the network's own)", parseCount)
    .option("--divider <count>", "divide the channels of every layer but the last", parseCount, 1)
    .option("--json", "machine-readable output")
    .addHelpText("after", EXAMPLES)
    .action((name: ZooName | undefined, options: Options) => (name === undefined ? list(options, terminal) : make(name, options, terminal)));
}

function list({ output, json }: Options, terminal: Terminal): void {
  const { print, paint } = terminal;
  if (output !== undefined) throw new UsageError(`-o needs the name of a network: ${NAMES.join(", ")}`);
  const nets = NAMES.map((name) => {
    const { about: what, size, classes, variants } = ZOO[name];
    const { layers, macs, weights } = total(name, { variant: "fprec" });
    const bytes = Object.fromEntries(variants.map((variant) => [variant, total(name, { variant }).bytes]));
    return { name, about: what, size, classes, layers, macs, weights, bytes };
  });
  if (json) {
    print(JSON.stringify(nets, null, 2));
    return;
  }
  const right = "right" as const;
  const columns = [
    { head: "name" },
    { head: "size", align: right },
    { head: "layers", align: right },
    { head: "MACs", align: right },
    { head: "weights", align: right },
    ...VARIANTS.map((head) => ({ head, align: right })),
    { head: "what", isProse: true },
  ];
  const rows = nets.map(({ name, about: what, size, layers, macs, weights, bytes }) => [
    name,
    size,
    layers,
    spellCount(macs),
    spellCount(weights),
    ...VARIANTS.map((variant) => (bytes[variant] === undefined ? "-" : spellBytes(bytes[variant]))),
    what,
  ]);
  print(layOutTable(columns, rows, terminal));
  print(paint.dim("weights are random; bytes are about those of the file, by variant"));
}

async function make(name: ZooName, { output, json, ...options }: Options, terminal: Terminal): Promise<void> {
  if (output === undefined) throw new UsageError(`where to? Add -o ${name}-${options.variant}.hybit`);
  const progress = openProgress(terminal);
  let model: Uint8Array;
  try {
    model = await about(name, () => writeModel(buildZoo(name, { ...options, onProgress: progress.show })));
  } finally {
    progress.close();
  }
  await writeBytes(output, model);
  const { layers, macs, equivalentMacs, weights } = total(name, options);
  const { print, paint } = terminal;
  if (json) print(JSON.stringify({ name, ...options, output, fileBytes: model.length, layers, macs, equivalentMacs, weights }, null, 2));
  else
    print(
      `written  ${paint.bold(output)}  ${spellBytes(model.length)}  (${layers} layers, ${spellCount(macs)} MACs, ${spellCount(weights)} weights)`,
    );
}

function total(name: ZooName, options: Omit<ZooOptions, "seed">) {
  const layers = measureZoo(name, options);
  const { macs, equivalentMacs } = estimateCost(layers);
  const sum = (key: "weights" | "bytes") => layers.reduce((so, layer) => so + layer[key], 0);
  return { layers: layers.length, macs, equivalentMacs, weights: sum("weights"), bytes: sum("bytes") };
}
