// Variants of a net side by side: how good each is against what it costs.
import { dot, text } from "@observablehq/plot";
import { type Chart, draw } from "./draw.ts";

/** A model file, measured. */
export interface Variant {
  name: string;
  /** How many layers are FPrec, WBin and FBin. */
  kinds: string;
  bytes: number;
  ms: number;
  /** Share of the inputs whose best class is the right one. */
  accuracy: number;
}

/** Draw accuracy against milliseconds and against bytes. */
export function drawVariants(variants: readonly Variant[]): Chart[] {
  return [
    drawAgainst(variants, "time", "ms of one input, on the machine that drew this", ({ ms }) => ms),
    drawAgainst(variants, "size", "kB of the file", ({ bytes }) => bytes / 1e3),
  ];
}

function drawAgainst(variants: readonly Variant[], what: string, label: string, cost: (variant: Variant) => number): Chart {
  const points = variants.map((variant) => ({ ...variant, cost: cost(variant), percent: 100 * variant.accuracy, label: variant.name }));
  return {
    title: `Accuracy against ${what}`,
    says: "One point a model; up and to the left is better. The axis of costs is logarithmic.",
    svg: draw({
      height: 320,
      marginRight: 160,
      x: { label, grid: true, type: "log", tickFormat: "~g" },
      y: { label: "accuracy, %", grid: true, inset: 20 },
      color: { type: "categorical", legend: true },
      marks: [
        dot(points, { x: "cost", y: "percent", fill: "kinds", r: 6 }),
        text(points, { x: "cost", y: "percent", text: "label", textAnchor: "start", dx: 10 }),
      ],
    }),
  };
}
