// Opens model files for the commands, and declares the options of all commands that do.
import { type Command, InvalidArgumentError, Option } from "commander";
import type { Model } from "../engine/model.ts";
import { readModelBytes } from "../format/materialize.ts";
import type { Graph } from "../graph/graph.ts";
import { loadModel } from "../index.ts";
import { about } from "./failure.ts";
import { readBytes } from "./files.ts";

export interface EngineOptions {
  build: "auto" | "simd" | "scalar";
  kernels: "auto" | "reference";
  /** MiB. */
  maxMemory: number;
  batch?: number;
}

export interface OpenModel {
  path: string;
  /** Bytes of the file. */
  fileBytes: number;
  graph: Graph;
  model: Model;
}

/** Declare --build, --kernels and --max-memory. */
export function addEngineOptions(command: Command): Command {
  return command
    .addOption(new Option("--build <build>", "wasm build to run").choices(["auto", "simd", "scalar"]).default("auto"))
    .addOption(new Option("--kernels <kernels>", "reference runs the naive kernels, to compare with").choices(["auto", "reference"]).default("auto"))
    .option("--max-memory <MiB>", "limit for weights and activations together", parseCount, 512);
}

/** Read, verify and load a model file. Throws Failure. */
export async function openModel(path: string, { build, kernels, maxMemory, batch }: EngineOptions): Promise<OpenModel> {
  const bytes = await readBytes(path);
  return about(path, async () => {
    const { graph } = readModelBytes(bytes);
    const model = await loadModel(bytes, { build, kernels, maxMemory: maxMemory * 2 ** 20, batch });
    return { path, fileBytes: bytes.length, graph, model };
  });
}

/** Parse an option that is a whole number from 1. */
export function parseCount(text: string): number {
  const count = Number(text);
  if (!/^\d+$/.test(text) || count < 1 || !Number.isSafeInteger(count)) throw new InvalidArgumentError("It must be a whole number from 1.");
  return count;
}
