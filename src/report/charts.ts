// A selection as pictures: bar charts, one row a layer, as SVG text. Drawn by Observable Plot on a document of linkedom, so no browser is needed.
import { barX, dot, plot as drawPlot, gridX, line, type PlotOptions, ruleX, text } from "@observablehq/plot";
import { parseHTML } from "linkedom";
import type { ErrorForm } from "../select/input-error.ts";
import type { SelectedLayer, Selection } from "../select/select.ts";

export interface Chart {
  title: string;
  /** One sentence under the title. */
  says: string;
  svg: string;
}

type MeasuredLayer = SelectedLayer & Required<Pick<SelectedLayer, "errors" | "cost" | "score" | "cluster">>;

const FORMS: Record<ErrorForm, string> = { rmse: "RMSE", normalized: "normalised", oneMinusSquare: "1 − w²" };

/** Colour of bars that need none. */
const PLAIN = "#4269d0";

const ROW = 22;
/** Pixels of a letter of an axis. */
const LETTER = 6.2;

/** Draw what was measured and what was chosen. */
export function drawSelection({ layers, clusters, real, curve }: Selection): Chart[] {
  const measured = layers.filter((layer): layer is MeasuredLayer => layer.score !== undefined);
  const order = measured.map(({ name }) => name);
  const rows = (options: PlotOptions) => drawRows(order, options);
  const errors = measured.flatMap(({ name, errors }) =>
    Object.entries(FORMS).map(([form, spelled]) => ({ name, form: spelled, error: errors[form as ErrorForm] })),
  );
  const costs = measured.flatMap(({ name, cost: { ms, addedMs } }) => [
    { name, part: "binary input", ms },
    { name, part: "added by a real input", ms: addedMs },
  ]);
  const clusterNames = Array.from({ length: clusters }, (_, cluster) => `cluster ${cluster + 1}`);
  return [
    ...(curve ? [drawCurve(curve, real)] : []),
    {
      title: "What the sign of each input loses",
      says: "Error of sign(x) against x, in the three forms of the paper's code; higher is worse.",
      svg: rows({
        x: { label: "error", grid: true, zero: true },
        color: { legend: false, domain: Object.values(FORMS) },
        marks: [gridX(), ruleX([0]), dot(errors, { x: "error", y: "name", fill: "form", r: 5, title: "form" })],
      }),
    },
    {
      title: "Score, and the cluster it fell in",
      says: `Error and cheapness together; ${real.length} of ${measured.length} layers keep real inputs (marked).`,
      svg: rows({
        x: { label: "score", grid: true },
        color: { domain: clusterNames, scheme: "viridis" },
        marks: [
          barX(measured, { x: "score", y: "name", fill: ({ cluster }: MeasuredLayer) => clusterNames[cluster] }),
          text(measured, {
            x: "score",
            y: "name",
            text: ({ kind }: MeasuredLayer) => (kind === "WBin" ? "real" : ""),
            textAnchor: "start",
            dx: 4,
            fontWeight: "bold",
          }),
          ruleX([0]),
        ],
      }),
    },
    {
      title: "Time of each layer",
      says: "Milliseconds on the machine that selected.",
      svg: rows({
        x: { label: "ms", grid: true },
        color: { domain: ["binary input", "added by a real input"] },
        marks: [barX(costs, { x: "ms", y: "name", fill: "part" }), ruleX([0])],
      }),
    },
    {
      title: "Multiply-accumulates of each layer",
      says: "In millions; the same whatever the input is.",
      svg: rows({
        x: { label: "MMACs", grid: true },
        marks: [barX(measured, { x: ({ cost }: MeasuredLayer) => cost.macs / 1e6, y: "name", fill: PLAIN }), ruleX([0])],
      }),
    },
    {
      title: "Bytes of each layer",
      says: "In kilobytes, as stored: weights are binary whatever the input is.",
      svg: rows({
        x: { label: "kB", grid: true },
        marks: [barX(measured, { x: ({ bytes }: MeasuredLayer) => bytes / 1e3, y: "name", fill: PLAIN }), ruleX([0])],
      }),
    },
  ];
}

/** Draw what real inputs change against the time they take: one point a choice that no other beats. */
function drawCurve(curve: NonNullable<Selection["curve"]>, real: readonly string[]): Chart {
  const chosen = curve.filter((choice) => choice.real.join() === real.join());
  return {
    title: "What real inputs change, for their time",
    says: `${curve.length} choices that no other beats; the filled one was chosen.`,
    svg: draw({
      height: 320,
      x: { label: "ms of the whole net", grid: true },
      y: { label: "sum of changes of the outputs", grid: true, zero: true },
      marks: [
        line(curve, { x: "ms", y: "gain", curve: "step-after", stroke: "#c9d1d9" }),
        dot(curve, { x: "ms", y: "gain", stroke: PLAIN, title: ({ real: names }: (typeof curve)[0]) => names.join(", ") || "none" }),
        dot(chosen, { x: "ms", y: "gain", fill: PLAIN, r: 6 }),
      ],
    }),
  };
}

/** Draw a chart with a row for each name, in order, and a legend where colours mean something. */
function drawRows(order: readonly string[], options: PlotOptions): string {
  const longest = Math.max(0, ...order.map((name) => name.length));
  return draw({
    height: ROW * order.length + 60,
    marginLeft: Math.min(360, 16 + LETTER * longest),
    ...options,
    y: { domain: [...order], label: null },
    color: { type: "categorical", ...options.color, legend: options.color?.domain !== undefined },
  });
}

function draw(options: PlotOptions): string {
  const { document } = parseHTML("<html><body></body></html>");
  return drawPlot({ document: document as unknown as Document, width: 860, marginRight: 48, ...options }).outerHTML;
}
