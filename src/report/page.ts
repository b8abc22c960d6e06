// One HTML page that needs nothing but itself: no scripts, no fonts, no network.
import type { LayerAnalysis } from "../analyze/analyze.ts";
import type { WeightHistogram } from "../analyze/histogram.ts";
import type { Selection } from "../select/select.ts";
import { drawConfusion } from "./confusion-chart.ts";
import type { Chart } from "./draw.ts";
import { drawSelection } from "./selection-charts.ts";
import { drawVariants, type Variant } from "./variant-charts.ts";
import { drawWeights } from "./weight-charts.ts";

const STYLE = `
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1b1f24; background: #fff; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; margin: 2rem 0 0; }
p { margin: .25rem 0 .75rem; color: #57606a; }
figure { margin: 0; } svg { max-width: 100%; height: auto; }
table { border-collapse: collapse; width: 100%; font-size: 13px; }
th { text-align: left; color: #57606a; font-weight: normal; } th, td { padding: .2rem .6rem .2rem 0; border-bottom: 1px solid #eaeef2; vertical-align: top; }
tr.real td { font-weight: 600; }
td { font-variant-numeric: tabular-nums; }
h2.part { font-size: 1.3rem; border-top: 2px solid #d0d7de; padding-top: 1rem; margin-top: 2.5rem; }`;

interface Confusion {
  labels: readonly string[];
  total: number;
  top1: number;
  at(right: number, found: number): number;
}

export interface Report {
  /** Of the model. */
  name: string;
  selection?: Selection | undefined;
  variants?: readonly Variant[] | undefined;
  confusion?: Confusion | undefined;
  weights?: { layers: readonly LayerAnalysis[]; histograms: readonly WeightHistogram[] } | undefined;
}

/** Lay out what there is. */
export function layOutReport({ name, selection, variants, confusion, weights }: Report): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(name)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escapeHtml(name)}</h1>
${[selection && layOutSelection(selection), variants && layOutVariants(variants), confusion && layOutConfusion(confusion), weights && layOutWeights(weights)].filter(Boolean).join("\n")}
</body>
</html>
`;
}

function layOutSelection(selection: Selection): string {
  const { what, real, images, equivalentMacs, layers, budget } = selection;
  const { before, after } = equivalentMacs;
  const millions = (macs: number) => `${(macs / 1e6).toPrecision(3)} million`;
  const percent = (share: number) => `${(100 * share).toFixed(2)} %`;
  const accuracy = budget?.check?.accuracy;
  const isScored = layers.some(({ score }) => score !== undefined);
  const rows = layers.map(({ name, kind, score, reason }) => ({
    isMarked: real.includes(name),
    cells: [name, kind, ...(isScored ? [score?.toFixed(3) ?? ""] : []), reason],
  }));
  return `<h2 class="part">Which ${what} stay real</h2>
<p>Measured on ${images} ${images === 1 ? "input" : "inputs"}. Real ${what}: <b>${escapeHtml(real.join(", ") || "none")}</b>.
With MACs on bits counted as 1/58, ${before === after ? `there are ${millions(after)}` : `${millions(before)} become ${millions(after)}`}.
${accuracy ? `Accuracy on these inputs: ${percent(accuracy.before)} as given, ${percent(accuracy.after)} as chosen.` : ""}</p>
${drawSelection(selection).map(layOutChart).join("\n")}
<h2>Layers</h2>
${layOutTable(["layer", "becomes", ...(isScored ? ["score"] : []), "why"], rows)}`;
}

function layOutVariants(variants: readonly Variant[]): string {
  const rows = variants.map(({ name, kinds, accuracy, ms, bytes }) => ({
    cells: [name, kinds, `${(100 * accuracy).toFixed(2)} %`, ms.toPrecision(3), (bytes / 1e3).toFixed(1)],
  }));
  return `<h2 class="part">Models side by side</h2>
${layOutTable(["model", "layers", "accuracy", "ms", "kB"], rows)}
${drawVariants(variants).map(layOutChart).join("\n")}`;
}

function layOutConfusion(confusion: Confusion): string {
  const { labels, total, top1 } = confusion;
  const chart = drawConfusion(labels, (right, found) => confusion.at(right, found));
  return `<p>Right: ${top1} of ${total} inputs, ${((100 * top1) / total).toFixed(2)} %.</p>\n${layOutChart(chart)}`;
}

function layOutWeights({ layers, histograms }: NonNullable<Report["weights"]>): string {
  return `<h2 class="part">Real weights, and their binary forms</h2>\n${drawWeights(layers, histograms).map(layOutChart).join("\n")}`;
}

function layOutTable(heads: readonly string[], rows: readonly { cells: readonly string[]; isMarked?: boolean }[]): string {
  const layOutRow = (cells: readonly string[], tag: "th" | "td") => cells.map((cell) => `<${tag}>${escapeHtml(cell)}</${tag}>`).join("");
  return `<table>
<tr>${layOutRow(heads, "th")}</tr>
${rows.map(({ cells, isMarked }) => `<tr${isMarked ? ' class="real"' : ""}>${layOutRow(cells, "td")}</tr>`).join("\n")}
</table>`;
}

function layOutChart({ title, says, svg }: Chart): string {
  return `<h2>${escapeHtml(title)}</h2>\n<p>${escapeHtml(says)}</p>\n${svg}`;
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
