// hybit report: a selection, model files side by side, and real weights as one page of charts.
import { basename } from "node:path";
import type { Command } from "commander";
import { analyzeWeights } from "../../analyze/analyze.ts";
import { binWeights } from "../../analyze/histogram.ts";
import type { Preprocess } from "../../graph/graph.ts";
import { about, UsageError } from "../failure.ts";
import { writeBytes } from "../files.ts";
import { importFrom, readOnnx } from "../onnx-file.ts";
import { parsePreprocess } from "../preprocess-option.ts";
import { openProgress } from "../progress.ts";
import { readSelection } from "../selection.ts";
import type { Terminal } from "../terminal.ts";
import { spellBytes } from "../units.ts";
import { measureVariants } from "../variants.ts";

interface Options {
  output?: string;
  variants?: string[];
  data?: string[];
  truth?: string;
  preprocess?: Preprocess;
  weights?: string;
}

const EXAMPLES = `
Examples:
  hybit report selection.json
  hybit report selection.json --weights float.onnx -o net.html
  hybit report --variants wbin.hybit hybrid.hybit fbin.hybit --data test.npy --truth test-classes.npy -o nets.html`;

export function addReport(program: Command, terminal: Terminal): void {
  program
    .command("report")
    .summary("draw a selection, models side by side, or weights as a web page")
    .description(
      "Draw what hybit select measured and chose, how good models are against what they cost, and how real weights are spread, as one HTML page with " +
        "charts, which needs no network and no scripts.",
    )
    .argument("[selection]", "a file that hybit select -o wrote")
    .option("--variants <files...>", ".hybit files to measure side by side on --data and --truth")
    .option("--data <files...>", "their inputs: a .npy array, or pictures, stroke files and folders of them")
    .option("--truth <classes.npy>", "the right class of each of these inputs")
    .option("--preprocess <rule>", "how pictures become the input (default: as each model says)", parsePreprocess)
    .option("--weights <net.onnx>", "a float net whose weights to draw: histograms with both levels, K/n, what binary forms lose")
    .option("-o, --output <file>", "the file to write (default: the selection's name with .html)")
    .addHelpText("after", EXAMPLES)
    .action((path: string | undefined, options: Options) => report(path, options, terminal));
}

async function report(path: string | undefined, options: Options, terminal: Terminal): Promise<void> {
  const { variants: files, data, truth, weights } = options;
  if (path === undefined && files === undefined && weights === undefined)
    throw new UsageError("there is nothing to draw; give a selection, --variants or --weights");
  if (files && (data === undefined || truth === undefined)) throw new UsageError("--variants needs --data and --truth to measure on");
  if (!files && (data ?? truth) !== undefined) throw new UsageError("--data and --truth go with --variants");
  const output = options.output ?? (path === undefined ? undefined : `${path.replace(/\.json$/, "")}.html`);
  if (output === undefined) throw new UsageError("without a selection there is no name to write to; give -o");
  const selection = path === undefined ? undefined : await readSelection(path);
  const drawn = weights === undefined ? undefined : await readWeights(weights, terminal);
  const progress = openProgress(terminal);
  const variants =
    files && data && truth
      ? await measureVariants(files, { data, truth, preprocess: options.preprocess }, progress).finally(() => progress.close())
      : undefined;
  // The charts' library is larger than the rest of the command line, which need not wait for it.
  const { layOutReport } = await import("../../report/page.ts");
  const name = selection?.model.name ?? basename(output, ".html");
  const page = await about(path ?? output, () => layOutReport({ name, selection, variants, weights: drawn }));
  const bytes = new TextEncoder().encode(page);
  await writeBytes(output, bytes);
  terminal.print(`written  ${terminal.paint.bold(output)}  ${spellBytes(bytes.length)}`);
}

async function readWeights(path: string, terminal: Terminal) {
  const graph = await importFrom(await readOnnx(path, terminal));
  return about(path, () => {
    return { layers: analyzeWeights(graph), histograms: binWeights(graph) };
  });
}
