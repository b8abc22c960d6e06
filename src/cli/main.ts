// The command line's entry: declares the commands, turns what goes wrong into one sentence and an exit code.
// 0 done; 1 the work could not be done; 2 the command line makes no sense.
import { Command, CommanderError } from "commander";
import { version } from "../../package.json";
import { addAnalyze } from "./commands/analyze.ts";
import { addBench } from "./commands/bench.ts";
import { addConvert } from "./commands/convert.ts";
import { addDiff } from "./commands/diff.ts";
import { addEval } from "./commands/eval.ts";
import { addExport } from "./commands/export.ts";
import { addInspect } from "./commands/inspect.ts";
import { addReport } from "./commands/report.ts";
import { addRun } from "./commands/run.ts";
import { addSelect } from "./commands/select.ts";
import { addServe } from "./commands/serve.ts";
import { addTune } from "./commands/tune.ts";
import { addZoo } from "./commands/zoo.ts";
import { isForUsers, UsageError } from "./failure.ts";
import { openTerminal, type Terminal } from "./terminal.ts";

const DESCRIPTION = "Hybrid binary networks in WebAssembly: convert, select, export, inspect, run, evaluate, compare and time models.";

/** Commander reports a wrong command line by throwing, and has then printed its sentence already. */
function declare(terminal: Terminal): Command {
  const program = new Command("hybit")
    .description(DESCRIPTION)
    .version(version, "-V, --version", "print the version")
    .helpOption("-h, --help", "show help")
    .helpCommand("help [command]", "show help for a command")
    .exitOverride();
  for (const add of [
    addConvert,
    addExport,
    addInspect,
    addRun,
    addEval,
    addDiff,
    addServe,
    addBench,
    addTune,
    addAnalyze,
    addSelect,
    addReport,
    addZoo,
  ])
    add(program, terminal);
  for (const command of [program, ...program.commands]) {
    const name = command === program ? "hybit" : `hybit ${command.name()}`;
    command.configureOutput({ outputError: (text) => complain(`${toSentence(text)}; see ${name} --help`, terminal) });
  }
  return program;
}

async function main(terminal: Terminal): Promise<number> {
  try {
    await declare(terminal).parseAsync();
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const isUsage = error instanceof UsageError;
    if (isUsage) complain(`${error.message}; see hybit --help`, terminal);
    else if (isForUsers(error)) complain(error.message, terminal);
    else complain(`this is a mistake in hybit, please report it: ${error instanceof Error ? error.message : error}`, terminal);
    if (process.env.HYBIT_TRACE && error instanceof Error) terminal.warn(String(error.stack));
    return isUsage ? 2 : 1;
  }
}

/** Commander's "error: ...\n(Did you mean ...?)" as one line. */
function toSentence(text: string): string {
  return text
    .replace(/^error: /, "")
    .trim()
    .replaceAll(/\s*\n\s*/g, " ")
    .replace(/\.$/, "");
}

function complain(text: string, { warn, paintError }: Terminal): void {
  warn(`${paintError.red("hybit:")} ${text.trim()}`);
}

process.exitCode = await main(openTerminal());
