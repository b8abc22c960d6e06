// A bar on stderr for work that takes long enough to be worth one.
import { Presets, SingleBar } from "cli-progress";
import type { ConvertProgress } from "../convert.ts";
import type { Terminal } from "./terminal.ts";

const PATIENCE_MS = 300;

export function openProgress({ canAnimate }: Terminal): { show: (progress: ConvertProgress) => void; close: () => void } {
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
