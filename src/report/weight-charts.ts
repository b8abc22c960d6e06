// Real weights as charts: what their binary forms lose, how many lie at the higher of two levels, and how they are spread.
import { areaY, dot, ruleX, ruleY } from "@observablehq/plot";
import type { LayerAnalysis } from "../analyze/analyze.ts";
import type { WeightHistogram } from "../analyze/histogram.ts";
import { type Chart, draw, drawRows, PLAIN } from "./draw.ts";

const FORMS: Record<keyof LayerAnalysis["lost"], string> = { sign: "sign", twoLevel: "two levels", planes2: "2 planes", planes3: "3 planes" };

const LEVELS = { sign: "−α and α", twoLevel: "two levels" };

/** Draw an analysis and the histograms of the same layers. */
export function drawWeights(layers: readonly LayerAnalysis[], histograms: readonly WeightHistogram[]): Chart[] {
  const order = layers.map(({ name }) => name);
  const lost = layers.flatMap(({ name, lost: found }) =>
    Object.entries(FORMS).map(([form, spelled]) => ({ name, form: spelled, lost: 100 * found[form as keyof typeof FORMS] })),
  );
  const shares = layers.map(({ name, high: { mean, deviation } }) => ({ name, mean, from: mean - deviation, to: mean + deviation }));
  return [
    {
      title: "What binary weights lose in each layer",
      says: "Share of the weights' squares: by ±α a filter, by two free levels, by sums of two and three ±α.",
      svg: drawRows(order, {
        x: { label: "lost, %", grid: true, zero: true },
        color: { domain: Object.values(FORMS) },
        marks: [ruleX([0]), dot(lost, { x: "lost", y: "name", fill: "form", r: 5, title: "form" })],
      }),
    },
    {
      title: "K/n across layers",
      says: "The share of a filter's weights at the higher of two levels: mean over the filters, with the standard deviation. One half is what symmetric weights have.",
      svg: drawRows(order, {
        x: { label: "K/n", grid: true, domain: [0, 1] },
        marks: [
          ruleX([0.5], { stroke: "#c9d1d9" }),
          ruleY(shares, { x1: "from", x2: "to", y: "name", stroke: PLAIN }),
          dot(shares, { x: "mean", y: "name", fill: PLAIN, r: 5 }),
        ],
      }),
    },
    ...histograms.map(drawHistogram),
  ];
}

function drawHistogram({ name, from, step, shares, levels: { alpha, low, high } }: WeightHistogram): Chart {
  const bins = shares.map((share, bin) => ({ weight: from + (bin + 0.5) * step, share: 100 * share }));
  const marks = [-alpha, alpha].map((at) => ({ at, of: LEVELS.sign })).concat([low, high].map((at) => ({ at, of: LEVELS.twoLevel })));
  return {
    title: `Weights of ${name}`,
    says: `Levels are means over the filters: ±${alpha.toPrecision(3)}, and ${low.toPrecision(3)} with ${high.toPrecision(3)}.`,
    svg: draw({
      height: 170,
      x: { label: "weight", domain: [from, from + step * shares.length] },
      y: { label: "% of the weights", grid: true, zero: true },
      color: { domain: Object.values(LEVELS), range: ["#8b949e", "#e5534b"], legend: true },
      marks: [
        areaY(bins, { x: "weight", y: "share", fill: PLAIN, fillOpacity: 0.35, stroke: PLAIN, curve: "step" }),
        ruleX(marks, { x: "at", stroke: "of", strokeWidth: 2 }),
        ruleY([0]),
      ],
    }),
  };
}
