// Whole networks, from input to output arrays: every variant against peers that run its export and the float network's.

import type { LayerProfile, Model } from "../../src/index.ts";
import type { Bench, PartResult } from "../bench.ts";
import type { Runner } from "../peers/peer.ts";
import { race } from "../race.ts";
import { giga, type Times } from "../report/stats.ts";
import { type ReportTable, spellNumber, spellPercent } from "../report/table.ts";
import { type Judged, judge, type Target } from "../report/targets.ts";
import { findNetwork, NETWORKS, type Network, readFile, VARIANTS, type Variant } from "./networks.ts";
import { makeInputs, openShipped, type Shipped } from "./shipped.ts";

const MIB = 2 ** 20;
/** Exports of all variants weigh the same, and peers hold several copies; of larger ones they only run the float network. */
const MOST_BYTES = 100 * MIB;
const BATCHES = [1, 8, 32];
/** Batches say how cost grows; that needs fewer rounds, and a batch of 32 is long. */
const BATCH_ROUNDS = 5;

interface VariantResult {
  variant: Variant;
  macs: number;
  fileBytes: number;
  memoryBytes: number;
  times: Times;
  /** Peers on this variant's export, by name. */
  peers: Record<string, Times>;
  layers: LayerProfile[];
}

interface NetworkResult {
  name: string;
  variants: VariantResult[];
  /** Of the fully binary variant: batch to times of the whole batch. */
  batches: Record<number, Times>;
}

export async function runNets(bench: Bench): Promise<PartResult> {
  const hybit = await openShipped();
  const results: NetworkResult[] = [];
  for (const name of NETWORKS) {
    const kept = VARIANTS.filter((variant) => bench.only === undefined || `${name} ${variant}`.includes(bench.only));
    const networks = kept.flatMap((variant) => findNetwork(name, variant, bench.say) ?? []);
    if (networks.length === 0) continue;
    bench.say(name);
    results.push({ name, variants: await raceVariants(hybit, networks, bench), batches: await raceBatches(hybit, networks, bench) });
  }
  const tables = [drawNetworks(results, bench), drawBatches(results, bench), ...results.flatMap((result) => drawSteps(result))];
  return { tables, targets: judgeNetworks(results, bench), data: results };
}

async function raceVariants(hybit: Shipped, networks: readonly Network[], bench: Bench): Promise<VariantResult[]> {
  const models: Model[] = [];
  const runners: (Runner & { peer: string; variant: Variant })[] = [];
  for (const { variant, hybit: path, onnx } of networks) {
    const model = await hybit.loadModel(readFile(path), { checkFinite: false });
    models.push(model);
    for (const peer of await bench.peers()) {
      const [{ name, shape }] = model.inputs as [Model["inputs"][number]];
      const file = readFile(onnx);
      if (variant !== "fprec" && file.length > MOST_BYTES) continue;
      const runner = await peer.network?.(file, { name, dims: shape.map((dim) => Math.abs(dim)) });
      if (runner !== undefined) runners.push({ ...runner, peer: peer.name, variant });
    }
  }
  const own = models.map((model, index) => {
    const inputs = makeInputs(model);
    return { name: `hybit ${networks[index]?.variant}`, run: () => void model.run(inputs) };
  });
  const rivals = runners.map(({ peer, variant, run }) => ({ name: `${peer} ${variant}`, run }));
  const times = await race([...own, ...rivals], { rounds: bench.rounds, beforeRound: () => bench.clock.measure() });
  const results = networks.map(({ variant, hybit: path }, index) => {
    const model = models[index] as Model;
    const peers = runners.flatMap((runner, at) => (runner.variant === variant ? [[runner.peer, times[own.length + at] as Times] as const] : []));
    const layers = model.profile({ inputs: makeInputs(model), runs: bench.rounds, warmup: 2 });
    const { macs } = model.plan();
    const { memoryBytes } = model;
    return { variant, macs, fileBytes: readFile(path).length, memoryBytes, times: times[index] as Times, peers: Object.fromEntries(peers), layers };
  });
  for (const model of models) model.dispose();
  for (const { dispose } of runners) await dispose();
  return results;
}

/** A model of its own for each batch, so that each has the memory it needs and no more. */
async function raceBatches(hybit: Shipped, networks: readonly Network[], bench: Bench): Promise<Record<number, Times>> {
  const network = networks.find(({ variant }) => variant === "fbin");
  if (network === undefined) return {};
  const models = await Promise.all(BATCHES.map((batch) => hybit.loadModel(readFile(network.hybit), { checkFinite: false, batch })));
  const contestants = models.map((model, index) => {
    const inputs = makeInputs(model, BATCHES[index]);
    return { name: `batch ${BATCHES[index]}`, run: () => void model.run(inputs) };
  });
  const times = await race(contestants, { rounds: Math.min(BATCH_ROUNDS, bench.rounds) });
  for (const model of models) model.dispose();
  return Object.fromEntries(BATCHES.map((batch, index) => [batch, times[index] as Times]));
}

/** The best that peers do: on the float network, or, should it be faster, on the variant's own export. */
function bestOf(peer: string, { variants }: NetworkResult, own: VariantResult, { pick }: Bench): number | undefined {
  const times = [own, variants.find(({ variant }) => variant === "fprec")].flatMap((result) => result?.peers[peer] ?? []);
  return times.length === 0 ? undefined : Math.min(...times.map(pick));
}

function drawNetworks(results: readonly NetworkResult[], bench: Bench): ReportTable {
  const { pick } = bench;
  const right = "right" as const;
  const peers = [...new Set(results.flatMap(({ variants }) => variants.flatMap((variant) => Object.keys(variant.peers))))];
  const rows = results.flatMap((result) =>
    result.variants.map((own) => [
      result.name,
      own.variant,
      spellNumber(own.fileBytes / MIB),
      spellNumber(own.memoryBytes / MIB),
      spellNumber(pick(own.times)),
      spellNumber(own.times.min),
      spellNumber(giga(own.macs, pick(own.times))),
      ...peers.flatMap((peer) => {
        const times = own.peers[peer];
        const best = bestOf(peer, result, own, bench);
        return [times === undefined ? "" : spellNumber(pick(times)), best === undefined ? "" : `${spellNumber(best / pick(own.times))}x`];
      }),
    ]),
  );
  return {
    title: "Networks",
    note: "Milliseconds at batch 1, from input to new output arrays. A peer runs the variant's export; the factor is against its better time of that and the float network.",
    columns: [
      { head: "network" },
      { head: "variant" },
      { head: "file MiB", align: right },
      { head: "memory MiB", align: right },
      { head: "ms", align: right },
      { head: "min ms", align: right },
      { head: "GMAC/s", align: right },
      ...peers.flatMap((peer) => [
        { head: `${peer} ms`, align: right },
        { head: "faster", align: right },
      ]),
    ],
    rows,
  };
}

function drawBatches(results: readonly NetworkResult[], { pick }: Bench): ReportTable {
  const right = "right" as const;
  const kept = results.filter(({ batches }) => Object.keys(batches).length > 0);
  return {
    title: "Networks: batches",
    note: "Milliseconds per image of the fully binary variant; in brackets, against batch 1.",
    columns: [{ head: "network" }, ...BATCHES.map((batch) => ({ head: `batch ${batch}`, align: right }))],
    rows: kept.map(({ name, batches }) => {
      const perImage = BATCHES.map((batch) => pick(batches[batch] as Times) / batch);
      return [name, ...perImage.map((ms) => `${spellNumber(ms)} (${spellPercent(ms / (perImage[0] as number))})`)];
    }),
  };
}

/** Where a network's time goes, by kernel; what takes less than a hundredth is left out. */
function drawSteps({ name, variants }: NetworkResult): ReportTable[] {
  const right = "right" as const;
  return variants.map(({ variant, layers }) => {
    const whole = layers.reduce((sum, { ms }) => sum + ms, 0);
    const kernels = [...new Set(layers.map(({ kernel }) => kernel))].map((kernel) => {
      const steps = layers.filter((layer) => layer.kernel === kernel);
      return { kernel, calls: steps.length, ms: steps.reduce((sum, { ms }) => sum + ms, 0), macs: steps.reduce((sum, { macs }) => sum + macs, 0) };
    });
    const kept = kernels.filter(({ ms }) => ms >= whole / 100).sort((a, b) => b.ms - a.ms);
    return {
      title: `Networks: ${name}, ${variant}, by kernel`,
      isLong: true,
      columns: [
        { head: "kernel" },
        { head: "calls", align: right },
        { head: "ms", align: right },
        { head: "share", align: right },
        { head: "GMAC/s", align: right },
      ],
      rows: kept.map(({ kernel, calls, ms, macs }) => [
        kernel,
        String(calls),
        spellNumber(ms),
        spellPercent(ms / whole),
        macs > 0 ? spellNumber(giga(macs, ms)) : "",
      ]),
    };
  });
}

const TARGETS: readonly (Target & { variant: Variant; peer: string })[] = [
  { work: "ResNet-18 FBin, whole", variant: "fbin", peer: "onnxruntime-web", against: "onnxruntime-web f32", atLeast: 14, aim: 20 },
  { work: "ResNet-18 FBin, whole", variant: "fbin", peer: "onnxruntime-node", against: "onnxruntime-node f32", atLeast: 2, aim: 2.8 },
  { work: "ResNet-18 hybrid, whole", variant: "hybrid", peer: "onnxruntime-web", against: "onnxruntime-web f32", atLeast: 8, aim: 12 },
];

const MEMORY: Target = { work: "ResNet-18 FBin, linear memory", against: "beyond its file", atLeast: 12, aim: 12, unit: "MiB" };

function judgeNetworks(results: readonly NetworkResult[], bench: Bench): Judged[] {
  const resnet = results.find(({ name }) => name === "resnet18");
  const find = (wanted: Variant) => resnet?.variants.find(({ variant }) => variant === wanted);
  const speeds = TARGETS.map(({ variant, peer, ...target }) => {
    const own = find(variant);
    const best = own && resnet && bestOf(peer, resnet, own, bench);
    return judge(target, own === undefined || best === undefined ? {} : { [variant]: best / bench.pick(own.times) });
  });
  const fbin = find("fbin");
  return [...speeds, judge(MEMORY, fbin === undefined ? {} : { fbin: (fbin.memoryBytes - fbin.fileBytes) / MIB })];
}
