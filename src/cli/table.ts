// Tables without lines: columns two spaces apart, numbers to the right, heads dim on a colour terminal.
import Table from "cli-table3";
import type { Terminal } from "./terminal.ts";

export interface Column {
  head: string;
  /** Default "left". */
  align?: "left" | "right";
  /** The column that is wrapped when the terminal is too narrow; one at most, and the last. */
  isProse?: boolean;
}

export type Cell = string | number;

const NO_LINES = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
  middle: "  ",
};

/** Narrower than this, prose is not worth wrapping. */
const LEAST_PROSE = 16;

/** Lay out a table; columns whose cells are all empty are left out. */
export function layOutTable(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  { columns: width, paint }: Pick<Terminal, "columns" | "paint">,
): string {
  const kept = columns.map((column, index) => ({ ...column, index })).filter(({ index }) => rows.some((row) => row[index] !== ""));
  const cells = rows.map((row) => kept.map(({ index }) => String(row[index])));
  const table = new Table({
    head: kept.map(({ head }) => paint.dim(head)),
    chars: NO_LINES,
    colAligns: kept.map(({ align }) => align ?? "left"),
    colWidths: fitProse(kept, cells, width),
    wordWrap: true,
    style: { "padding-left": 0, "padding-right": 0, head: [], border: [], compact: true },
  });
  table.push(...cells);
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}

/** Column widths in characters: null is "as wide as needed"; the prose column takes what the terminal has left. */
function fitProse(columns: readonly Column[], cells: readonly string[][], width: number | undefined): (number | null)[] {
  const needed = columns.map(({ head }, index) => cells.reduce((most, row) => Math.max(most, (row[index] ?? "").length), head.length));
  const fixed = columns.reduce((sum, { isProse }, index) => sum + (isProse ? 0 : (needed[index] as number)), 2 * (columns.length - 1));
  return columns.map(({ isProse }, index) => {
    if (!isProse || width === undefined || fixed + (needed[index] as number) <= width) return null;
    return Math.max(LEAST_PROSE, width - fixed);
  });
}
