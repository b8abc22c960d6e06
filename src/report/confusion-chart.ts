// A confusion matrix as a heat map: right classes down, found ones across.
import { cell, text } from "@observablehq/plot";
import { type Chart, draw } from "./draw.ts";

/** More classes than this have no room for numbers and names. */
const MOST_SPELLED = 30;

/** Draw shares of each row; `count` gives how often class `right` was taken for `found`. */
export function drawConfusion(labels: readonly string[], count: (right: number, found: number) => number): Chart {
  const hasTwins = new Set(labels).size < labels.length;
  const spell = (label: string, index: number) => (hasTwins ? `${index} ${label}` : label);
  const isSpelled = labels.length <= MOST_SPELLED;
  const totals = labels.map((_, right) => labels.reduce((sum, __, found) => sum + count(right, found), 0));
  const cells = labels.flatMap((label, right) =>
    labels.flatMap((other, found) => {
      const times = count(right, found);
      if (times === 0 && !isSpelled) return [];
      return [{ right: spell(label, right), found: spell(other, found), times, share: times / Math.max(1, totals[right] as number) }];
    }),
  );
  const size = isSpelled ? 26 : Math.max(1.5, 640 / labels.length);
  const longest = Math.max(...labels.map((label) => label.length));
  const margin = isSpelled ? Math.min(180, 20 + 6.2 * longest) : 30;
  const axis = { domain: labels.map(spell), label: null, ...(isSpelled ? {} : { ticks: [] }) };
  return {
    title: "What each class was taken for",
    says: "Right classes down, found ones across; shares of each row.",
    svg: draw({
      width: Math.max(480, margin + 60 + size * labels.length),
      height: margin + 30 + size * labels.length,
      marginLeft: margin,
      marginTop: margin,
      padding: 0.05,
      x: { ...axis, axis: "top", tickRotate: -60 },
      y: axis,
      color: { scheme: "blues", domain: [0, 1] },
      marks: [
        cell(cells, { x: "found", y: "right", fill: "share", title: (c: (typeof cells)[0]) => `${c.right} taken for ${c.found}: ${c.times}` }),
        ...(isSpelled
          ? [
              text(
                cells.filter(({ times }) => times > 0),
                { x: "found", y: "right", text: "times", fill: ({ share }: (typeof cells)[0]) => (share > 0.5 ? "white" : "black"), fontSize: 9 },
              ),
            ]
          : []),
      ],
    }),
  };
}
