// A selection as charts, mostly one row a layer: what is lost, what it costs, what was chosen; and with a budget the choices that no other beats.
import { barX, dot, gridX, line, type PlotOptions, ruleX, text } from "@observablehq/plot";
import type { ErrorForm } from "../select/input-error.ts";
import type { SelectedLayer, Selection } from "../select/select.ts";
import type { CostName } from "../select/spend.ts";
import { type Chart, draw, drawRows, PLAIN } from "./draw.ts";

type PricedLayer = SelectedLayer & Required<Pick<SelectedLayer, "cost">>;
type ScoredLayer = PricedLayer & Required<Pick<SelectedLayer, "errors" | "score" | "cluster">>;
type Budget = NonNullable<Selection["budget"]>;

const FORMS: Record<ErrorForm, string> = { rmse: "RMSE", normalized: "normalised", oneMinusSquare: "1 − w²" };

/** What the prices of a curve are, and how many of the unit make one of the axis. */
const PRICES: Record<CostName, [string, number]> = {
  macs: ["million MACs on real numbers", 1e6],
  ms: ["ms of the whole net", 1],
  bytes: ["kB of the file", 1e3],
};

/** Draw what was measured and what was chosen. */
export function drawSelection({ what, layers, clusters, real, budget }: Selection): Chart[] {
  const priced = layers.filter((layer): layer is PricedLayer => layer.cost !== undefined);
  const scored = priced.filter((layer): layer is ScoredLayer => layer.score !== undefined);
  return [
    ...(budget ? [drawCurve(budget, what, real), drawChanges(budget, priced, real)] : []),
    ...(scored.length > 0 ? [drawErrors(scored), drawScores(scored, clusters, real)] : []),
    {
      title: "Time of each layer",
      says: "Milliseconds on the machine that selected.",
      svg: drawParts(priced, "ms", [`binary ${what}`, `added by real ${what}`], ({ cost: { ms, addedMs } }) => [ms, addedMs]),
    },
    {
      title: "Multiply-accumulates of each layer",
      says: `In millions; the same whatever the ${what} are.`,
      svg: drawRows(namesOf(priced), {
        x: { label: "MMACs", grid: true },
        marks: [barX(priced, { x: ({ cost }: PricedLayer) => cost.macs / 1e6, y: "name", fill: PLAIN }), ruleX([0])],
      }),
    },
    {
      title: "Bytes of each layer",
      says: `In kilobytes: what the net as chosen stores, and what the real ${what} that it does without would add.`,
      svg: drawParts(priced, "kB", ["as chosen", `added by real ${what}`], ({ name, bytes, cost: { addedBytes } }) => [
        bytes / 1e3,
        real.includes(name) ? 0 : addedBytes / 1e3,
      ]),
    },
  ];
}

function namesOf(layers: readonly SelectedLayer[]): string[] {
  return layers.map(({ name }) => name);
}

/** Two bars in a row, one after the other. */
function drawParts(layers: PricedLayer[], unit: string, parts: [string, string], split: (layer: PricedLayer) => number[]): string {
  const bars = layers.flatMap((layer) => split(layer).map((size, index) => ({ name: layer.name, part: parts[index], size })));
  return drawRows(namesOf(layers), {
    x: { label: unit, grid: true },
    color: { domain: parts },
    marks: [barX(bars, { x: "size", y: "name", fill: "part" }), ruleX([0])],
  });
}

function drawErrors(scored: ScoredLayer[]): Chart {
  const errors = scored.flatMap(({ name, errors: found }) =>
    Object.entries(FORMS).map(([form, spelled]) => ({ name, form: spelled, error: found[form as ErrorForm] })),
  );
  return {
    title: "What the sign of each input loses",
    says: "Error of sign(x) against x, in the three forms of the paper's code; higher is worse.",
    svg: drawRows(namesOf(scored), {
      x: { label: "error", grid: true, zero: true },
      color: { domain: Object.values(FORMS) },
      marks: [gridX(), ruleX([0]), dot(errors, { x: "error", y: "name", fill: "form", r: 5, title: "form" })],
    }),
  };
}

function drawScores(scored: ScoredLayer[], clusters: number, real: readonly string[]): Chart {
  const clusterNames = Array.from({ length: clusters }, (_, cluster) => `cluster ${cluster + 1}`);
  const options: PlotOptions = {
    x: { label: "score", grid: true },
    color: { domain: clusterNames, scheme: "viridis" },
    marks: [
      barX(scored, { x: "score", y: "name", fill: ({ cluster }: ScoredLayer) => clusterNames[cluster] }),
      text(scored, {
        x: "score",
        y: "name",
        text: ({ name }: ScoredLayer) => (real.includes(name) ? "real" : ""),
        textAnchor: "start",
        dx: 4,
        fontWeight: "bold",
      }),
      ruleX([0]),
    ],
  };
  return {
    title: "Score, and the cluster it fell in",
    says: `Error and cheapness together; ${real.length} of ${scored.length} layers keep real inputs (marked).`,
    svg: drawRows(namesOf(scored), options),
  };
}

/** What is lost against what the net costs: one point a choice that no other beats. */
function drawCurve({ curve, unit, counts }: Budget, what: string, real: readonly string[]): Chart {
  const [label, perUnit] = PRICES[unit];
  const points = curve.map(({ real: names, price, lost }) => ({ names, price: price / perUnit, lost: 100 * lost }));
  const chosen = points.filter(({ names }) => names.join() === real.join());
  return {
    title: `What binary ${what} change, against what the net costs`,
    says: `${curve.length} choices that no other beats, by the sum of what their layers change one at a time; the filled one was chosen.`,
    svg: draw({
      height: 320,
      marginLeft: 56,
      x: { label, grid: true },
      y: { label: `sum of changes, ${counts === "accuracy" ? "points of accuracy" : "% of the outputs"}`, grid: true, zero: true },
      marks: [
        line(points, { x: "price", y: "lost", curve: "step-after", stroke: "#c9d1d9" }),
        dot(points, { x: "price", y: "lost", stroke: PLAIN, title: ({ names }: (typeof points)[0]) => names.join(", ") || "none" }),
        dot(chosen, { x: "price", y: "lost", fill: PLAIN, r: 6 }),
      ],
    }),
  };
}

function drawChanges({ counts }: Budget, priced: PricedLayer[], real: readonly string[]): Chart {
  const parts = ["stays real", "becomes binary"];
  const changes = priced.map(({ name, change = 0 }) => ({ name, percent: 100 * change, part: parts[real.includes(name) ? 0 : 1] }));
  return {
    title: "What a switch of each layer alone changes",
    says: "On the calibration inputs, all other layers as the net was given.",
    svg: drawRows(namesOf(priced), {
      x: { label: counts === "accuracy" ? "points of accuracy lost" : "change of the outputs, %", grid: true },
      color: { domain: parts },
      marks: [barX(changes, { x: "percent", y: "name", fill: "part" }), ruleX([0])],
    }),
  };
}
