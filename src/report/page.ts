// One HTML page that needs nothing but itself: no scripts, no fonts, no network.
import type { Selection } from "../select/select.ts";
import { type Chart, drawSelection } from "./charts.ts";

const STYLE = `
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1b1f24; background: #fff; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; margin: 2rem 0 0; }
p { margin: .25rem 0 .75rem; color: #57606a; }
figure { margin: 0; } svg { max-width: 100%; height: auto; }
table { border-collapse: collapse; width: 100%; font-size: 13px; }
th { text-align: left; color: #57606a; font-weight: normal; } th, td { padding: .2rem .6rem .2rem 0; border-bottom: 1px solid #eaeef2; vertical-align: top; }
tr.real td { font-weight: 600; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }`;

/** Lay out a selection of the model `name`. */
export function layOutReport(name: string, selection: Selection): string {
  const { real, images, equivalentMacs, layers } = selection;
  const { before, after } = equivalentMacs;
  const millions = (macs: number) => `${(macs / 1e6).toPrecision(3)} million`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(name)}: which inputs stay real</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escapeHtml(name)}: which inputs stay real</h1>
<p>Measured on ${images} ${images === 1 ? "input" : "inputs"}. Real inputs: <b>${escapeHtml(real.join(", ") || "none")}</b>.
With MACs on bits counted as 1/58, ${millions(before)} become ${millions(after)}.</p>
${drawSelection(selection).map(layOutChart).join("\n")}
<h2>Layers</h2>
<table>
<tr><th>layer</th><th>becomes</th><th class="number">score</th><th>why</th></tr>
${layers.map(({ name: layer, kind, score, reason }) => `<tr${real.includes(layer) ? ' class="real"' : ""}><td>${escapeHtml(layer)}</td><td>${kind}</td><td class="number">${score?.toFixed(3) ?? ""}</td><td>${escapeHtml(reason)}</td></tr>`).join("\n")}
</table>
</body>
</html>
`;
}

function layOutChart({ title, says, svg }: Chart): string {
  return `<h2>${escapeHtml(title)}</h2>\n<p>${escapeHtml(says)}</p>\n${svg}`;
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
