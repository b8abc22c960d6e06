// hybit analyze: what binary weights would lose in each layer, and what two levels would keep of it.
import type { Command } from "commander";
import { analyzeFilters, analyzeWeights, type FilterAnalysis, type LayerAnalysis } from "../../analyze/analyze.ts";
import { about } from "../failure.ts";
import { importFrom, readOnnx } from "../onnx-file.ts";
import { layOutTable } from "../table.ts";
import type { Terminal } from "../terminal.ts";
import { spellCount, spellShare } from "../units.ts";

interface Options {
  filters?: string;
  json?: boolean;
}

/** Layers that gain less are not worth a second level. Arbitrary. */
const LEAST_GAIN = 0.01;

export function addAnalyze(program: Command, terminal: Terminal): void {
  program
    .command("analyze")
    .summary("what binary weights would lose, layer by layer")
    .description("Compare real weights with their best approximations by signs, by two levels and by sums of two and three signs, layer by layer.")
    .argument("<model>", "an .onnx file with real weights")
    .option("--filters <layer>", "instead: every filter of this layer, those that gain most from two levels first")
    .option("--json", "machine-readable output")
    .action((path: string, options: Options) => analyze(path, options, terminal));
}

async function analyze(path: string, options: Options, terminal: Terminal): Promise<void> {
  const graph = await importFrom(await readOnnx(path, terminal));
  const { filters: layer } = options;
  if (layer !== undefined) {
    const filters = await about(path, () => analyzeFilters(graph, layer));
    if (options.json) terminal.print(JSON.stringify({ file: path, layer, filters }, null, 2));
    else printFilters(filters, terminal);
    return;
  }
  const layers = await about(path, () => analyzeWeights(graph));
  if (options.json) terminal.print(JSON.stringify({ file: path, layers }, null, 2));
  else printLayers(layers, terminal);
}

function printLayers(layers: readonly LayerAnalysis[], terminal: Terminal): void {
  const right = "right" as const;
  const columns = [
    { head: "layer" },
    ...["filters", "weights", "sign loses", "two levels", "2 planes", "3 planes", "K/n", "spread", "skew", "answers", "with two levels"].map(
      (head) => ({ head, align: right }),
    ),
  ];
  const rows = layers.map(({ name, filters, depth, lost, high, skew, responses }) => [
    name,
    filters,
    depth,
    ...[lost.sign, lost.twoLevel, lost.planes2, lost.planes3].map(spellShare),
    high.mean.toFixed(3),
    high.deviation.toFixed(3),
    skew.toFixed(2),
    responses.sign.toFixed(0),
    spellCount(Math.round(responses.twoLevel)),
  ]);
  terminal.print(layOutTable(columns, rows, terminal));
  terminal.print("");
  const gaining = layers.filter(({ gain }) => gain >= LEAST_GAIN).sort((a, b) => b.gain - a.gain);
  if (gaining.length === 0) terminal.print(`no layer gains ${spellShare(LEAST_GAIN)} or more from two levels`);
  else terminal.print("layers that gain from two levels, by the share of sign's loss that they keep:");
  for (const { name, gain } of gaining) terminal.print(`  ${spellShare(gain).padStart(6)}  ${name}`);
}

function printFilters(filters: readonly FilterAnalysis[], terminal: Terminal): void {
  const heads = ["filter", "sign loses", "two levels", "2 planes", "3 planes", "K/n", "skew", "two levels keep"];
  const order = filters.map((filter, index) => ({ ...filter, index })).sort((a, b) => b.gain - a.gain || a.index - b.index);
  const rows = order.map(({ index, lost, high, skew, gain }) => [
    index,
    ...[lost.sign, lost.twoLevel, lost.planes2, lost.planes3].map(spellShare),
    high.toFixed(3),
    skew.toFixed(2),
    spellShare(gain),
  ]);
  terminal.print(
    layOutTable(
      heads.map((head) => ({ head, align: "right" as const })),
      rows,
      terminal,
    ),
  );
}
