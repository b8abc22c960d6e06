// Where text goes. Results to stdout, everything about them (progress, warnings, errors) to stderr; colours only
// on a terminal that wants them, so that pipes and files get plain text.
import pc from "picocolors";

export type Paint = ReturnType<typeof pc.createColors>;

export interface Terminal {
  /** Columns of stdout; undefined when it is no terminal: nothing is to be wrapped then. */
  readonly columns: number | undefined;
  /** Colours for stdout; they change nothing where colours are not wanted. */
  readonly paint: Paint;
  /** Colours for stderr. */
  readonly paintError: Paint;
  /** True when a progress bar may be drawn on stderr. */
  readonly canAnimate: boolean;
  print(text: string): void;
  warn(text: string): void;
}

/** Open this process's terminal. A reader that goes away early (`| head`) ends the program quietly. */
export function openTerminal(): Terminal {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
      process.exit();
    });
  }
  return {
    columns: process.stdout.isTTY ? process.stdout.columns : undefined,
    paint: pc.createColors(wantsColors(process.stdout)),
    paintError: pc.createColors(wantsColors(process.stderr)),
    canAnimate: process.stderr.isTTY === true && process.env.TERM !== "dumb",
    print: (text) => void process.stdout.write(`${text}\n`),
    warn: (text) => void process.stderr.write(`${text}\n`),
  };
}

/** https://no-color.org and its opposite, which forces colours into a pipe. */
function wantsColors(stream: NodeJS.WriteStream): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  if (NO_COLOR) return false;
  if (FORCE_COLOR) return FORCE_COLOR !== "0";
  return stream.isTTY === true && TERM !== "dumb";
}
