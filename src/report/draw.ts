// Charts as SVG text. Drawn by Observable Plot on a document of linkedom, so no browser is needed.
import { plot as drawPlot, type PlotOptions } from "@observablehq/plot";
import { parseHTML } from "linkedom";

export interface Chart {
  title: string;
  /** One sentence under the title. */
  says: string;
  svg: string;
}

/** Colour of marks that need none. */
export const PLAIN = "#4269d0";

const ROW = 22;
/** Pixels of a letter of an axis. */
const LETTER = 6.2;

/** Draw a chart with a row for each name, in order, and a legend where colours mean something. */
export function drawRows(order: readonly string[], options: PlotOptions): string {
  const longest = Math.max(0, ...order.map((name) => name.length));
  return draw({
    height: ROW * order.length + 60,
    marginLeft: Math.min(360, 16 + LETTER * longest),
    ...options,
    y: { domain: [...order], label: null },
    color: { type: "categorical", ...options.color, legend: options.color?.domain !== undefined },
  });
}

/** Draw a chart. */
export function draw(options: PlotOptions): string {
  const { document } = parseHTML("<html><body></body></html>");
  return drawPlot({ document: document as unknown as Document, width: 860, marginRight: 48, ...options }).outerHTML;
}
