// Cold starts: a fresh process for every sample. Files and inputs are in memory when its watch starts; it stops at the first
// result. Importing the engine, compiling it, loading the model and planning are all inside.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import type { TensorInfo } from "../../src/index.ts";
import type { Bench, PartResult } from "../bench.ts";
import { summarize, type Times } from "../report/stats.ts";
import { spellNumber } from "../report/table.ts";
import { judge } from "../report/targets.ts";
import { findNetwork, readFile } from "./networks.ts";
import { openShipped } from "./shipped.ts";

const CHILD = join("build", "bench", "nets", "cold-child.js");
/** A process takes a second with the large engines. */
const MOST_ROUNDS = 10;

interface Start {
  engine: "hybit" | "onnxruntime-web" | "onnxruntime-node";
  name: string;
  file: string;
  input: { name: string; dims: number[] };
}

export async function runCold(bench: Bench): Promise<PartResult> {
  const starts = await listStarts(bench);
  const samples = starts.map((): { inside: number[]; cpu: number[]; whole: number[] } => ({ inside: [], cpu: [], whole: [] }));
  bench.say(`${starts.length} ways to start, ${Math.min(MOST_ROUNDS, bench.rounds)} processes each`);
  // One more round: the first fills the operating system's file cache.
  for (let round = -1; round < Math.min(MOST_ROUNDS, bench.rounds); round++) {
    for (const [index, { engine, file, input }] of starts.entries()) {
      const before = performance.now();
      const { status, stdout, stderr } = spawnSync(process.execPath, [CHILD, engine, file, JSON.stringify(input)], { encoding: "utf8" });
      if (status !== 0) throw new Error(`${engine} did not start:\n${stderr}`);
      if (round < 0) continue;
      const { ms, cpuMs }: { ms: number; cpuMs: number } = JSON.parse(stdout);
      samples[index]?.inside.push(ms);
      samples[index]?.cpu.push(cpuMs);
      samples[index]?.whole.push(performance.now() - before);
    }
  }
  const results = starts.map((start, index) => ({
    ...start,
    inside: summarize(samples[index]?.inside ?? []),
    cpu: summarize(samples[index]?.cpu ?? []),
    whole: summarize(samples[index]?.whole ?? []),
  }));
  const find = (name: string) => results.find((result) => result.name === name);
  const [own, web] = [find("hybit, resnet18 fbin"), find("onnxruntime-web, resnet18 fprec")];
  const target = { work: "cold start, ResNet-18 FBin", against: "onnxruntime-web, its f32 file", atLeast: 10, aim: 30 };
  const right = "right" as const;
  const first = results[0];
  const cells = ({ inside, cpu, whole }: Record<"inside" | "cpu" | "whole", Times>) =>
    [bench.pick(inside), inside.min, bench.pick(cpu), bench.pick(whole)].map(spellNumber);
  return {
    tables: [
      {
        title: "Cold starts",
        note: "Milliseconds from files and inputs in memory to the first result, in a fresh process each; processor time of all threads, compilers among them; and of the whole process.",
        columns: [
          { head: "engine, network" },
          { head: "ms", align: right },
          { head: "min ms", align: right },
          { head: "processor ms", align: right },
          { head: "process ms", align: right },
          { head: "of the first", align: right },
        ],
        rows: results.map((result) => [
          result.name,
          ...cells(result),
          first === undefined ? "" : `${spellNumber(bench.pick(result.inside) / bench.pick(first.inside))}x`,
        ]),
      },
    ],
    targets: [judge(target, own === undefined || web === undefined ? {} : { resnet18: bench.pick(web.inside) / bench.pick(own.inside) })],
    data: results,
  };
}

async function listStarts({ say, hasPeers }: Bench): Promise<Start[]> {
  const { loadModel } = await openShipped();
  const starts: Start[] = [];
  for (const name of ["resnet18", "sketch10"]) {
    for (const variant of ["fbin", "fprec"] as const) {
      const network = findNetwork(name, variant, say);
      if (network === undefined) continue;
      const [{ name: inputName, shape }] = (await loadModel(readFile(network.hybit))).inputs as [TensorInfo];
      const input = { name: inputName, dims: shape.map((dim) => Math.abs(dim)) };
      const peers = variant === "fprec" && hasPeers() ? (["onnxruntime-web", "onnxruntime-node"] as const) : [];
      for (const engine of ["hybit", ...peers] as const) {
        starts.push({ engine, name: `${engine}, ${name} ${variant}`, file: engine === "hybit" ? network.hybit : network.onnx, input });
      }
    }
  }
  return starts;
}
