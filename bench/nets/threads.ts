// One thread against two, in turns.
import type { Bench, PartResult } from "../bench.ts";
import { race } from "../race.ts";
import type { Times } from "../report/stats.ts";
import { spellNumber } from "../report/table.ts";
import { judge } from "../report/targets.ts";
import { findNetwork, readFile, VARIANTS } from "./networks.ts";
import { makeInputs, openShipped } from "./shipped.ts";

const COUNTS = [1, 2];
const TARGET = { work: "two threads, ResNet-18 FBin", against: "one thread", atLeast: 1.7, aim: 1.9 };

export async function runThreads(bench: Bench): Promise<PartResult> {
  const [single, pooled] = [await openShipped(), await openShipped("hybit/threads")];
  const results: { name: string; times: Times[] }[] = [];
  for (const name of ["resnet18", "sketch10"]) {
    for (const variant of VARIANTS) {
      if (bench.only !== undefined && !`${name} ${variant}`.includes(bench.only)) continue;
      const network = findNetwork(name, variant, bench.say);
      if (network === undefined) continue;
      bench.say(`${name} ${variant}`);
      const file = readFile(network.hybit);
      const models = await Promise.all(COUNTS.map((threads) => (threads === 1 ? single : pooled).loadModel(file, { threads, checkFinite: false })));
      const contestants = models.map((model, index) => {
        const inputs = makeInputs(model);
        return { name: `${COUNTS[index]} threads`, run: () => void model.run(inputs) };
      });
      results.push({ name: `${name} ${variant}`, times: await race(contestants, { rounds: bench.rounds }) });
      for (const model of models) model.dispose();
    }
  }
  const gain = ({ times }: (typeof results)[number]) => bench.pick(times[0] as Times) / bench.pick(times[1] as Times);
  const target = results.find(({ name }) => name === "resnet18 fbin");
  const right = "right" as const;
  return {
    tables: [
      {
        title: "Threads",
        note: "Milliseconds of a whole run at batch 1.",
        columns: [{ head: "network" }, ...COUNTS.map((count) => ({ head: `${count} threads`, align: right })), { head: "gain", align: right }],
        rows: results.map((result) => [result.name, ...result.times.map((times) => spellNumber(bench.pick(times))), `${spellNumber(gain(result))}x`]),
      },
    ],
    targets: [judge(TARGET, target === undefined ? {} : { resnet18: gain(target) })],
    data: results,
  };
}
