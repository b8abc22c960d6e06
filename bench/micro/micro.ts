// The loops alone, on operands in L1: what the kernels could reach, and what each code-generation rule is worth here.

import type { Bench, PartResult } from "../bench.ts";
import { type HybitLayer, KINDS, type Kind, openLayer } from "../layers/hybit.ts";
import { countMacs, type LayerShape } from "../layers/shapes.ts";
import { race } from "../race.ts";
import { giga, type Times } from "../report/stats.ts";
import { type ReportTable, spellNumber, spellPercent } from "../report/table.ts";
import { openLoops, type RunningLoop, SHOWN, type Shown } from "./loops.ts";

export interface MicroResult {
  rule: string;
  variant: string;
  times: Times;
  gmacs: number;
  macsPerCycle: number;
}

async function raceLoops(shown: readonly Shown[], { clock, rounds, pick }: Bench): Promise<MicroResult[]> {
  const { loops, turnsOf } = await openLoops(shown);
  const times = await race(loops, { rounds, turnMs: 1, warmupMs: 100, beforeRound: () => clock.measure() });
  return loops.map(({ rule, variant, loop }: RunningLoop, index) => {
    const gmacs = giga(turnsOf(loop) * loop.macs, pick(times[index] as Times));
    return { rule, variant, times: times[index] as Times, gmacs, macsPerCycle: gmacs / clock.gigahertz };
  });
}

/** The fastest loop for bits, int8 and f32 inputs with binary weights, and for floats, in multiply-accumulates per cycle. */
export interface Peaks {
  bits: number;
  int8: number;
  f32: number;
  float: number;
}

/** A kernel's speed by that of the fastest loop on such operands; undefined where no loop is like it. */
export function shareOfPeak(kind: Kind, macsPerCycle: number, peaks: Peaks): number | undefined {
  if (kind === "FPrec int8") return undefined;
  const peak = kind === "FPrec" ? peaks.float : kind === "WBin" ? peaks.f32 : kind.startsWith("WBin ") ? peaks.int8 : peaks.bits;
  return macsPerCycle / peak;
}

export async function measurePeaks(bench: Bench): Promise<Peaks> {
  const loops = SHOWN.filter(({ rule }) => rule === "peak");
  return findPeaks(await raceLoops(loops, bench));
}

function findPeaks(results: readonly MicroResult[]): Peaks {
  const best = (start: string) => Math.max(...results.map(({ variant, macsPerCycle }) => (variant.startsWith(start) ? macsPerCycle : 0)));
  return { bits: best("bits"), int8: best("int8"), f32: best("f32: look-up"), float: best("f32: multiply") };
}

export async function runMicro(bench: Bench): Promise<PartResult> {
  const results = await raceLoops(SHOWN, bench);
  const right = "right" as const;
  const best = (rule: string) => Math.max(...results.map((result) => (result.rule === rule ? result.gmacs : 0)));
  const rowsOf = (isKept: (rule: string) => boolean) =>
    results
      .filter(({ rule }) => isKept(rule))
      .map(({ rule, variant, gmacs, macsPerCycle }) => [
        rule,
        variant,
        spellNumber(gmacs),
        spellNumber(macsPerCycle),
        spellPercent(gmacs / best(rule)),
      ]);
  const figures = [
    { head: "GMAC/s", align: right },
    { head: "MAC/cycle", align: right },
  ];
  const note = `Operands in L1, one thread, clock ${bench.clock.gigahertz.toFixed(2)} GHz.`;
  const peaks: ReportTable = {
    title: "Micro: peaks of inner loops",
    note,
    columns: [{ head: "loop" }, ...figures],
    rows: rowsOf((rule) => rule === "peak").map((row) => row.slice(1, 4)),
  };
  const rules: ReportTable = {
    title: "Micro: what code generation is worth",
    note,
    columns: [{ head: "rule" }, { head: "variant" }, ...figures, { head: "of the best", align: right }],
    rows: rowsOf((rule) => rule !== "peak"),
  };
  const kernels = await raceKernels(findPeaks(results), bench);
  return { tables: [peaks, kernels, rules], data: results };
}

/** Filters of 2304 weights, few of them and few pixels: what a kernel does when memory does not hold it up. */
const SMALL: LayerShape = {
  name: "8x8x256 to 32",
  group: "3x3",
  op: "conv2d",
  inChannels: 256,
  outChannels: 32,
  side: 8,
  kernel: 3,
  stride: 1,
  pads: 1,
};

async function raceKernels(peaks: Peaks, { rounds, clock, pick }: Bench): Promise<ReportTable> {
  const layers: HybitLayer[] = [];
  for (const kind of KINDS.filter((each) => !each.endsWith("bytes"))) {
    const layer = await openLayer(kind, SMALL);
    if (layer !== undefined) layers.push(layer);
  }
  const times = await race(layers, { rounds, turnMs: 5, beforeRound: () => clock.measure() });
  const right = "right" as const;
  return {
    title: "Micro: kernels on small operands",
    note: "3x3 convolution, 8x8x256 to 32 filters of 2304 weights; share of the fastest loop above for the same operands.",
    columns: [
      { head: "kind" },
      { head: "kernel" },
      { head: "GMAC/s", align: right },
      { head: "MAC/cycle", align: right },
      { head: "of peak", align: right },
    ],
    rows: layers.map(({ kind, kernel }, index) => {
      const gmacs = giga(countMacs(SMALL), pick(times[index] as Times));
      const macsPerCycle = gmacs / clock.gigahertz;
      return [kind, kernel, spellNumber(gmacs), spellNumber(macsPerCycle), spellPercent(shareOfPeak(kind, macsPerCycle, peaks))];
    }),
  };
}
