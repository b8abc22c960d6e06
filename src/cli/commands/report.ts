// hybit report: a selection as one page of charts.
import type { Command } from "commander";
import { about } from "../failure.ts";
import { writeBytes } from "../files.ts";
import { readSelection } from "../selection.ts";
import type { Terminal } from "../terminal.ts";
import { spellBytes } from "../units.ts";

interface Options {
  output?: string;
}

export function addReport(program: Command, terminal: Terminal): void {
  program
    .command("report")
    .summary("draw a selection as a web page")
    .description("Draw what hybit select measured and chose as one HTML page with charts, which needs no network and no scripts.")
    .argument("<selection>", "a file that hybit select -o wrote")
    .option("-o, --output <file>", "the file to write (default: the selection's name with .html)")
    .action((path: string, options: Options) => report(path, options, terminal));
}

async function report(path: string, options: Options, terminal: Terminal): Promise<void> {
  const selection = await readSelection(path);
  // The charts' library is larger than the rest of the command line, which need not wait for it.
  const { layOutReport } = await import("../../report/page.ts");
  const page = await about(path, () => layOutReport(selection.model.name, selection));
  const output = options.output ?? `${path.replace(/\.json$/, "")}.html`;
  const bytes = new TextEncoder().encode(page);
  await writeBytes(output, bytes);
  terminal.print(`written  ${terminal.paint.bold(output)}  ${spellBytes(bytes.length)}`);
}
