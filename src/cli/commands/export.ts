// hybit export: a .hybit file becomes plain ONNX, for other runtimes and viewers.
import type { Command } from "commander";
import { exportOnnx } from "../../convert.ts";
import { materialize, readModelBytes } from "../../format/materialize.ts";
import { about } from "../failure.ts";
import { readBytes, writeBytes } from "../files.ts";
import type { Terminal } from "../terminal.ts";
import { spellBytes } from "../units.ts";

interface Options {
  output: string;
  json?: boolean;
}

const EXAMPLES = `
Examples:
  hybit export sketch.hybit -o sketch.onnx`;

export function addExport(program: Command, terminal: Terminal): void {
  program
    .command("export")
    .summary("make a plain ONNX file from a .hybit model")
    .description(
      "Write a model as plain ONNX that any runtime reads: binary weights become floats, signs become comparisons. Results stay the same; the small size and the speed of bits do not.",
    )
    .argument("<model>", "a .hybit file")
    .requiredOption("-o, --output <file>", "the .onnx file to write")
    .option("--json", "machine-readable report")
    .addHelpText("after", EXAMPLES)
    .action((path: string, options: Options) => exportModel(path, options, terminal));
}

async function exportModel(path: string, { output, json }: Options, { print, paint }: Terminal): Promise<void> {
  const bytes = await readBytes(path);
  const onnx = await about(path, () => {
    const { graph, data } = readModelBytes(bytes);
    return exportOnnx(materialize(graph, data));
  });
  await writeBytes(output, onnx);
  if (json) print(JSON.stringify({ input: path, output, fileBytes: onnx.length }, null, 2));
  else print(`written  ${paint.bold(output)}  ${spellBytes(onnx.length)}  (${path} has ${spellBytes(bytes.length)})`);
}
