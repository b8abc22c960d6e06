// Tables, once for the terminal and once for docs/performance.md.
import { type Column, layOutTable } from "../../src/cli/table.ts";
import type { Terminal } from "../../src/cli/terminal.ts";

export interface ReportTable {
  title: string;
  /** What the numbers are, in a sentence or two. */
  note?: string;
  /** Folded away in a document: too long to be read by everybody. */
  isLong?: boolean;
  columns: readonly Column[];
  rows: readonly (readonly string[])[];
}

/** For a terminal; nothing is cut. */
export function toText({ title, note, columns, rows }: ReportTable, paint: Terminal["paint"]): string {
  const table = layOutTable(columns, rows, { columns: undefined, paint });
  return [paint.bold(title), ...(note === undefined ? [] : [paint.dim(note)]), "", table].join("\n");
}

export function toMarkdown({ title, note, isLong, columns, rows }: ReportTable): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  const rule = columns.map(({ align }) => (align === "right" ? "---:" : "---"));
  const table = [line(columns.map(({ head }) => head)), line(rule), ...rows.map(line)].join("\n");
  const body = note === undefined ? [table] : [note, table];
  return (isLong ? [`<details><summary>${title}</summary>`, ...body, "</details>"] : [`### ${title}`, ...body]).join("\n\n");
}

/** Three digits, or as many as stand before the point. */
export function spellNumber(value: number | undefined): string {
  if (value === undefined || !Number.isFinite(value)) return "";
  return value.toFixed(value >= 99.5 ? 0 : value >= 9.95 ? 1 : value >= 0.0995 ? 2 : 3);
}

export function spellPercent(share: number | undefined): string {
  return share === undefined || !Number.isFinite(share) ? "" : `${(100 * share).toFixed(0)} %`;
}
