// Images a second of one model against pools of one worker and of two, in turns: the same images, handed over one by one.
import type { Inputs } from "../../src/engine/model.ts";
import type { ModelPool, PoolOptions } from "../../src/pool/pool.ts";
import type { Bench, PartResult } from "../bench.ts";
import { race } from "../race.ts";
import type { Times } from "../report/stats.ts";
import { spellNumber } from "../report/table.ts";
import { judge } from "../report/targets.ts";
import { findNetwork, readFile } from "./networks.ts";
import { makeInputs, openShipped } from "./shipped.ts";

const CASES = [
  { name: "resnet18", variant: "fbin", images: 24 },
  { name: "sketch10", variant: "hybrid", images: 600 },
] as const;
const TARGET = { work: "pool of two, ResNet-18 FBin", against: "pool of one", atLeast: 1.8, aim: 1.9 };

interface Door {
  createPool(model: Uint8Array, options: PoolOptions): Promise<ModelPool>;
}

async function drain(pool: ModelPool, items: readonly Inputs[]): Promise<void> {
  for await (const { error } of pool.map(items)) if (error) throw error;
}

export async function runPools(bench: Bench): Promise<PartResult> {
  const { loadModel } = await openShipped();
  const door: string = "hybit/pool";
  const { createPool } = (await import(door)) as Door;
  const results: { name: string; images: number; times: Times[] }[] = [];
  for (const { name, variant, images } of CASES) {
    const network = findNetwork(name, variant, bench.say);
    if (network === undefined) continue;
    bench.say(`${name} ${variant}`);
    const file = readFile(network.hybit);
    using model = await loadModel(file);
    using one = await createPool(file, { size: 1 });
    using two = await createPool(file, { size: 2 });
    const items = Array.from({ length: images }, () => makeInputs(model));
    const contestants = [
      { name: "one model", run: () => items.forEach((item) => void model.run(item)) },
      { name: "pool of 1", run: () => drain(one, items) },
      { name: "pool of 2", run: () => drain(two, items) },
    ];
    results.push({ name: `${name} ${variant}`, images, times: await race(contestants, { rounds: bench.rounds }) });
  }
  const rate = (images: number, times: Times | undefined) => (images * 1000) / bench.pick(times as Times);
  const gain = ({ times }: (typeof results)[number]) => bench.pick(times[1] as Times) / bench.pick(times[2] as Times);
  const target = results.find(({ name }) => name === "resnet18 fbin");
  const right = "right" as const;
  return {
    tables: [
      {
        title: "Pools",
        note: "Images a second, each an item of its own.",
        columns: [{ head: "network" }, ...["one model", "pool of 1", "pool of 2", "gain of the second"].map((head) => ({ head, align: right }))],
        rows: results.map((result) => [
          result.name,
          ...result.times.map((times) => spellNumber(rate(result.images, times))),
          `${spellNumber(gain(result))}x`,
        ]),
      },
    ],
    targets: [judge(TARGET, target === undefined ? {} : { resnet18: gain(target) })],
    data: results,
  };
}
