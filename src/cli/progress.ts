// A progress bar on stderr for work that takes long enough to be noticed.
import { Presets, SingleBar } from "cli-progress";
import type { Terminal } from "./terminal.ts";

export interface Progress {
  show(progress: { step: string; done: number; total: number }): void;
  close(): void;
}

/** A bar is worth drawing only for work that takes longer than this. */
const PATIENCE_MS = 300;

export function openProgress({ canAnimate }: Pick<Terminal, "canAnimate">): Progress {
  const started = performance.now();
  let bar: SingleBar | undefined;
  return {
    show({ step, done, total }) {
      if (bar === undefined && canAnimate && performance.now() - started > PATIENCE_MS) {
        bar = new SingleBar({ format: "{bar} {step}", clearOnComplete: true, barsize: 30 }, Presets.shades_classic);
        bar.start(total, done, { step });
      }
      bar?.update(done, { step });
    },
    close: () => bar?.stop(),
  };
}
