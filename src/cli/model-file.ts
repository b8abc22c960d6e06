// Opens model files for the commands, and declares the options of all commands that do.
import { type Command, InvalidArgumentError, Option } from "commander";
import type { Model } from "../engine/model.ts";
import { readModelBytes } from "../format/materialize.ts";
import type { Graph } from "../graph/graph.ts";
import { loadModel } from "../index.ts";
import { VARIANTS } from "../kernels/select.ts";
import { about, Failure } from "./failure.ts";
import { readBytes } from "./files.ts";
import { isPicture } from "./images.ts";
import { readTuned } from "./tuned.ts";

export interface EngineOptions {
  build: "auto" | "simd" | "scalar";
  kernels: string;
  /** File that hybit tune wrote. */
  tuned?: string;
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
    .addOption(
      new Option("--kernels <family>", "a family of kernels to take where it fits; reference is naive")
        .choices(["auto", ...VARIANTS])
        .default("auto"),
    )
    .option("--tuned <file>", "take the kernels that hybit tune wrote into this file")
    .option("--max-memory <MiB>", "limit for weights and activations together", parseCount, 512);
}

/** Read, verify and load a model file. Throws Failure. */
export async function openModel(path: string, { build, kernels: family, tuned, maxMemory, batch }: EngineOptions): Promise<OpenModel> {
  const bytes = await readBytes(path);
  if (isPicture(bytes)) throw new Failure(`${path}: it is a picture; the model comes first`);
  const kernels = tuned === undefined ? family : await readTuned(tuned);
  return about(path, async () => {
    const { graph } = readModelBytes(bytes);
    if (typeof kernels !== "string") requireNodes(kernels, graph, tuned ?? "");
    const model = await loadModel(bytes, { build, kernels, maxMemory: maxMemory * 2 ** 20, batch });
    return { path, fileBytes: bytes.length, graph, model };
  });
}

/** A sidecar of another model must not be taken for this one's. */
function requireNodes(kernels: Record<string, string>, graph: Graph, tuned: string): void {
  const unknown = Object.keys(kernels).find((name) => !graph.nodes.some((node) => node.name === name));
  if (unknown !== undefined) throw new Failure(`${tuned} names the layer "${unknown}", which the model does not have; run hybit tune on this model`);
}

/** Parse an option that is a whole number from 1. */
export function parseCount(text: string): number {
  const count = Number(text);
  if (!/^\d+$/.test(text) || count < 1 || !Number.isSafeInteger(count)) throw new InvalidArgumentError("It must be a whole number from 1.");
  return count;
}
