// Shows classified pictures: ranked labels with bars, beside a small picture if asked, and a summary.
import { basename } from "node:path";
import { median } from "../engine/profile.ts";
import type { Result } from "./classify.ts";
import { drawBar, drawGreys, drawPlain, placeBeside } from "./draw.ts";
import { addUp, describeLayers } from "./layers.ts";
import type { OpenModel } from "./model-file.ts";
import type { Terminal } from "./terminal.ts";
import { spellBytes, spellMs, spellRatio, spellShare } from "./units.ts";

/** Lines are laid out for this many columns, and fewer if the terminal has fewer. */
const WIDTH = 80;
const MAX_LABEL = 16;
const MAX_BAR = 24;
const GAP = 3;
const SHARE_WIDTH = 7;

/** Lay out one result; with `withPicture`, what the model saw stands on the left. */
export function showResult(result: Result, withPicture: boolean, terminal: Terminal): string {
  const { paint, columns = WIDTH } = terminal;
  const width = Math.min(WIDTH, columns);
  const heading = `${paint.bold(withPicture ? basename(result.file) : result.file)}${result.line === undefined ? "" : paint.dim(`:${result.line}`)}`;
  if (!withPicture)
    return [`${heading}${spellWord(result, terminal)}`, ...showRanking(result, width - 2, terminal).map((line) => `  ${line}`)].join("\n");

  const seen = result.seen;
  const ranking = showRanking(result, width - seen.width - GAP, terminal);
  const text = [`${heading}${spellWord(result, terminal)}`, "", ...ranking];
  return placeBeside(paint.isColorSupported ? drawGreys(seen) : trimBlank(drawPlain(seen)), text, seen.width, GAP).join("\n");
}

/** Drop empty lines at top and bottom: without a ground they are only a gap. */
function trimBlank(lines: readonly string[]): readonly string[] {
  const isInk = lines.map((line) => line.trim() !== "");
  return lines.slice(Math.max(0, isInk.indexOf(true)), isInk.lastIndexOf(true) + 1);
}

function showRanking({ top }: Result, width: number, { paint }: Terminal): string[] {
  const labelWidth = Math.min(MAX_LABEL, Math.max(8, ...top.map(({ label }) => label.length)));
  const barWidth = Math.max(4, Math.min(MAX_BAR, width - labelWidth - SHARE_WIDTH - 4));
  return top.map(({ label, probability }, rank) => {
    const name = label.length > labelWidth ? `${label.slice(0, labelWidth - 1)}…` : label.padEnd(labelWidth);
    const bar = drawBar(probability, barWidth);
    const share = spellShare(probability).padStart(SHARE_WIDTH);
    const line = `${bar}${" ".repeat(barWidth - bar.length)}`;
    return rank === 0 ? `${paint.bold(name)}  ${paint.green(line)}  ${paint.bold(share)}` : paint.dim(`${name}  ${line}  ${share}`);
  });
}

/** What the drawing was meant to be, and whether the model agrees. */
function spellWord({ word, top }: Result, { paint }: Terminal): string {
  if (word === undefined) return "";
  return `  drawn as ${word} ${isRight(word, top) ? paint.green("✓") : paint.red("✗")}`;
}

function isRight(word: string, top: Result["top"]): boolean {
  return top[0]?.label.toLowerCase() === word.toLowerCase();
}

/** The last lines: how many were recognised, what the model weighs, how fast it was. */
export function showSummary(results: readonly Result[], { path, fileBytes, graph, model }: OpenModel, { paint }: Terminal): string {
  const { floatBytes } = addUp(
    graph,
    describeLayers(graph, 1, () => 0),
  );
  const told = results.filter(({ word }) => word !== undefined);
  const right = told.filter(({ word = "", top }) => isRight(word, top)).length;
  const facts: [string, string][] = [
    ["model", `${path}, ${paint.bold(spellBytes(fileBytes))}`],
    ["in float", `${spellBytes(floatBytes)} of weights, ${spellRatio(floatBytes, fileBytes)} the size`],
    ["wasm build", model.build],
    [
      "speed",
      `${paint.bold(spellMs(median(results.map(({ ms }) => ms))))} ms per picture${results.length > 1 ? ` (median of ${results.length})` : ""}`,
    ],
  ];
  if (told.length > 0) facts.unshift(["recognised", `${paint.bold(String(right))} of ${told.length}`]);
  return facts.map(([name, text]) => `${paint.dim(name.padEnd(11))} ${text}`).join("\n");
}
