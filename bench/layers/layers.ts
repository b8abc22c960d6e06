// Single layers, each kind against each peer, from activations to activations.
import type { Bench, PartResult } from "../bench.ts";
import { shareOfPeak } from "../micro/micro.ts";
import type { Runner } from "../peers/peer.ts";
import { race } from "../race.ts";
import { giga, type Times } from "../report/stats.ts";
import { type ReportTable, spellNumber, spellPercent } from "../report/table.ts";
import { compare, type Judged, judge } from "../report/targets.ts";
import { type HybitLayer, KINDS, type Kind, openLayer } from "./hybit.ts";
import { countMacs, type LayerShape, SHAPES } from "./shapes.ts";
import { LAYER_TARGETS } from "./targets.ts";

interface Entry {
  name: string;
  kind?: Kind;
  kernel?: string;
  times: Times;
  gmacs: number;
  macsPerCycle: number;
  /** Of the fastest inner loop for these operands. */
  ofPeak?: number;
}

interface ShapeResult {
  shape: LayerShape;
  macs: number;
  entries: Entry[];
}

export async function runLayers(bench: Bench): Promise<PartResult> {
  const results: ShapeResult[] = [];
  for (const shape of SHAPES) {
    if (bench.only !== undefined && !`${shape.group} ${shape.name}`.includes(bench.only)) continue;
    bench.say(`${shape.group}, ${shape.name}`);
    results.push(await raceShape(shape, bench));
  }
  const targets = judgeLayers(results, bench);
  return { tables: [...drawOverviews(results, bench), drawRatios(results, bench), drawKernels(results)], targets, data: results };
}

async function raceShape(shape: LayerShape, bench: Bench): Promise<ShapeResult> {
  const peaks = await bench.peaks();
  const layers: HybitLayer[] = [];
  for (const kind of KINDS) {
    const layer = await openLayer(kind, shape);
    if (layer !== undefined) layers.push(layer);
  }
  const rivals: (Runner & { name: string })[] = [];
  for (const peer of await bench.peers()) {
    for (const runner of await peer.layers(shape)) rivals.push({ ...runner, name: `${peer.name} ${runner.form}` });
  }
  const times = await race([...layers, ...rivals], { rounds: bench.rounds, beforeRound: () => bench.clock.measure() });
  const macs = countMacs(shape);
  const measure = (index: number) => {
    const own = times[index] as Times;
    const gmacs = giga(macs, bench.pick(own));
    return { times: own, gmacs, macsPerCycle: gmacs / bench.clock.gigahertz };
  };
  const entries: Entry[] = [
    ...layers.map(({ name, kind, kernel }, index) => {
      const measured = measure(index);
      return { name, kind, kernel, ...measured, ofPeak: shareOfPeak(kind, measured.macsPerCycle, peaks) };
    }),
    ...rivals.map(({ name }, index) => ({ name, ...measure(layers.length + index) })),
  ];
  for (const { model } of layers) model.dispose();
  for (const rival of rivals) await rival.dispose();
  return { shape, macs, entries };
}

function judgeLayers(results: readonly ShapeResult[], { pick }: Bench): Judged[] {
  return LAYER_TARGETS.map((target) => {
    const ratios: Record<string, number> = {};
    for (const { shape, entries } of results) {
      if (!target.isShape(shape)) continue;
      const own = entries.find(({ kind }) => kind === target.kind);
      const rivals = entries.filter(({ name }) => target.isRival(name)).map(({ times }) => pick(times));
      if (own === undefined || rivals.length === 0) continue;
      ratios[shape.name] = compare(pick(own.times), Math.min(...rivals), target);
    }
    const { work, against, atLeast, aim, unit } = target;
    return judge({ work, against, atLeast, aim, unit }, ratios);
  });
}

/** Columns of peers, with the forms a conv2d and a dense layer take there. */
const RIVALS = [
  { head: "node f32", names: ["onnxruntime-node f32 Conv", "onnxruntime-node f32 MatMul"] },
  { head: "node int8", names: ["onnxruntime-node int8 QLinearConv"] },
  { head: "node int8 matmul", names: ["onnxruntime-node int8 MatMulInteger"] },
  { head: "web f32", names: ["onnxruntime-web f32 Conv", "onnxruntime-web f32 MatMul"] },
  { head: "web int8", names: ["onnxruntime-web int8 QLinearConv"] },
  { head: "web int8 matmul", names: ["onnxruntime-web int8 MatMulInteger"] },
  { head: "tfjs f32", names: ["tfjs-wasm f32 conv2d", "tfjs-wasm f32 matMul"] },
];

/** A table a group: GMAC/s, and microseconds in brackets. */
function drawOverviews(results: readonly ShapeResult[], { pick }: Bench): ReportTable[] {
  const groups = [...new Set(results.map(({ shape }) => shape.group))];
  const columns = [...KINDS.map((kind) => ({ head: kind, names: [`hybit ${kind}`] })), ...RIVALS];
  const cell = (entry: Entry | undefined) => (entry === undefined ? "" : `${spellNumber(entry.gmacs)} (${spellNumber(1000 * pick(entry.times))})`);
  return groups.map((group) => {
    const kept = results.filter(({ shape }) => shape.group === group);
    const used = columns.filter(({ names }) => kept.some(({ entries }) => entries.some(({ name }) => names.includes(name))));
    return {
      title: `Layers: ${group}`,
      note: "GMAC/s, and microseconds in brackets. Batch 1, one thread; matmul is the bare matrix product, its operands laid out beforehand.",
      columns: [{ head: "layer" }, ...used.map(({ head }) => ({ head, align: "right" as const }))],
      rows: kept.map(({ shape, entries }) => [shape.name, ...used.map(({ names }) => cell(entries.find(({ name }) => names.includes(name))))]),
    };
  });
}

/** Each kind's speed as a multiple of each peer's. */
function drawRatios(results: readonly ShapeResult[], { pick }: Bench): ReportTable {
  const rows = results.flatMap(({ shape, entries }) =>
    entries
      .filter(({ kind }) => kind !== undefined)
      .map((own) => {
        const ratio = (names: string[]) => {
          const rival = entries.find(({ name }) => names.includes(name));
          return rival === undefined ? "" : `${spellNumber(pick(rival.times) / pick(own.times))}x`;
        };
        return [`${shape.group}, ${shape.name}`, own.kind ?? "", ...RIVALS.map(({ names }) => ratio(names))];
      }),
  );
  return {
    title: "Layers: how many times as fast as each peer",
    note: "Below 1x Hybit is slower.",
    isLong: true,
    columns: [{ head: "layer" }, { head: "kind" }, ...RIVALS.map(({ head }) => ({ head, align: "right" as const }))],
    rows,
  };
}

function drawKernels(results: readonly ShapeResult[]): ReportTable {
  const right = "right" as const;
  return {
    title: "Layers: kernels",
    isLong: true,
    note: "Share of the fastest inner loop for the same operands (see the micro peaks), packing, borders and output included.",
    columns: [
      { head: "layer" },
      { head: "kind" },
      { head: "kernel" },
      { head: "median us", align: right },
      { head: "min us", align: right },
      { head: "GMAC/s", align: right },
      { head: "MAC/cycle", align: right },
      { head: "of peak", align: right },
    ],
    rows: results.flatMap(({ shape, entries }) =>
      entries
        .filter(({ kind }) => kind !== undefined)
        .map(({ kind = "", kernel = "", times, gmacs, macsPerCycle, ofPeak }) => [
          `${shape.group}, ${shape.name}`,
          kind,
          kernel,
          spellNumber(1000 * times.median),
          spellNumber(1000 * times.min),
          spellNumber(gmacs),
          spellNumber(macsPerCycle),
          spellPercent(ofPeak),
        ]),
    ),
  };
}
