// npm run bench: times Hybit against its peers, in parts. See docs/performance.md.
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import pc from "picocolors";
import type { Bench, PartResult } from "./bench.ts";
import { runLayers } from "./layers/layers.ts";
import { Clock, countProcessorTime, describeMachine } from "./machine.ts";
import { measurePeaks, type Peaks, runMicro } from "./micro/micro.ts";
import { runCold } from "./nets/cold.ts";
import { runNets } from "./nets/nets.ts";
import { runPools } from "./nets/pools.ts";
import { runThreads } from "./nets/threads.ts";
import { installPeers, openPeers } from "./peers/open.ts";
import type { Peer } from "./peers/peer.ts";
import { replacePart } from "./report/page.ts";
import { type ReportTable, spellNumber, spellPercent, toMarkdown, toText } from "./report/table.ts";
import type { Judged } from "./report/targets.ts";
import { runServe } from "./serve/serve.ts";

const PARTS: Record<string, (bench: Bench) => Promise<PartResult>> = {
  micro: runMicro,
  layers: runLayers,
  nets: runNets,
  cold: runCold,
  threads: runThreads,
  pools: runPools,
  serve: runServe,
};

const PAGE = "docs/performance.md";

const USAGE = `npm run bench -- [${Object.keys(PARTS).join("|")} ...] [options]
  --rounds N    turns of every contestant, of up to twenty calls each (default 12)
  --by WHICH    median (default) or min: the figure tables and ratios are made of
  --cpu         count processor time, not time of day: for a busy machine; not for cold, threads, pools and serve
  --only TEXT   only cases whose name contains TEXT
  --no-peers    Hybit alone; the other engines need not be installed
  --markdown    print markdown
  --write       put the tables into docs/performance.md
  --as TEXT     with --write: into the place for "<part> TEXT", of another version of Node, say
  --json FILE   write everything measured to FILE`;

function readOptions() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        rounds: { type: "string", default: "12" },
        by: { type: "string", default: "median" },
        cpu: { type: "boolean", default: false },
        only: { type: "string" },
        "no-peers": { type: "boolean", default: false },
        markdown: { type: "boolean", default: false },
        write: { type: "boolean", default: false },
        as: { type: "string" },
        json: { type: "string" },
        help: { type: "boolean", default: false },
      },
    });
    const rounds = Number(values.rounds);
    const isRight = positionals.every((part) => part in PARTS) && Number.isInteger(rounds) && rounds > 0 && ["median", "min"].includes(values.by);
    return isRight && !values.help ? { ...values, rounds, parts: positionals.length > 0 ? positionals : Object.keys(PARTS) } : undefined;
  } catch {
    return undefined;
  }
}

const options = readOptions();
if (options === undefined) {
  console.error(USAGE);
  process.exit(2);
}

if (options.cpu) countProcessorTime();
const clock = new Clock();
const say = (sentence: string) => console.error(pc.dim(sentence));
let peers: Promise<Peer[]> | undefined;
let peaks: Promise<Peaks> | undefined;
const bench: Bench = {
  rounds: options.rounds,
  clock,
  pick: (times) => (options.by === "min" ? times.min : times.median),
  peers: () => {
    peers ??= bench.hasPeers() ? openPeers() : Promise.resolve([]);
    return peers;
  },
  hasPeers: () => {
    if (!options["no-peers"]) installPeers(say);
    return !options["no-peers"];
  },
  peaks: () => {
    peaks ??= measurePeaks(bench);
    return peaks;
  },
  only: options.only,
  say,
};

const facts = () => ({
  ...describeMachine(),
  clock: `${clock.gigahertz.toFixed(2)} GHz`,
  command: ["npm run bench --", ...process.argv.slice(2)].join(" "),
  figures: `${options.by} of ${options.rounds} rounds${options.cpu ? ", processor time" : ""}`,
});
const print = (text: string) => console.log(`${text}\n`);
const spell = (about: Record<string, string>) => Object.entries(about).map(([name, fact]) => `${name}: ${fact}`);
print(spell(facts()).join("\n"));

const data: Record<string, unknown> = {};
for (const part of options.parts) {
  bench.say(`${part} ...`);
  const { tables, targets = [], data: measured } = await (PARTS[part] as (bench: Bench) => Promise<PartResult>)(bench);
  if (targets.length > 0) tables.unshift(drawTargets(part, targets));
  const opened = await (peers ?? []);
  const versions = Object.fromEntries(opened.map(({ name, version }) => [name, version]));
  const about: Record<string, string> = { ...facts(), ...versions };
  for (const table of tables) print(options.markdown ? toMarkdown(table) : toText(table, pc));
  if (options.write) writePart([part, options.as ?? []].flat().join(" "), [spell(about).join(", "), ...tables.map(toMarkdown)].join("\n\n"));
  data[part] = { about, targets, results: measured };
}
if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(data, null, 1)}\n`);
// Engines keep timers and workers that would hold the process.
process.exit(0);

function writePart(part: string, text: string): void {
  writeFileSync(PAGE, replacePart(readFileSync(PAGE, "utf8"), part, text));
}

function drawTargets(part: string, judged: readonly Judged[]): ReportTable {
  const spellMeasure = ({ unit = "times" }: Judged, value: number) =>
    ({ times: `${spellNumber(value)}x`, slower: spellPercent(value), MiB: `${spellNumber(value)} MiB` })[unit];
  const right = "right" as const;
  return {
    title: `Targets: ${part}`,
    note: "The worst case decides. 2x: the other takes twice Hybit's time.",
    columns: [
      { head: "work" },
      { head: "against" },
      { head: "at least", align: right },
      { head: "aim", align: right },
      { head: "measured" },
      { head: "verdict" },
    ],
    rows: judged.map((each) => [
      each.work,
      each.against,
      spellMeasure(each, each.atLeast),
      spellMeasure(each, each.aim),
      Object.values(each.measured)
        .map((value) => spellMeasure(each, value))
        .join(" / "),
      each.verdict,
    ]),
  };
}
