// What the pool and its workers tell each other. Plain data.
import type { Inputs, TensorInfo, Tensors } from "../engine/model.ts";
import type { Metadata } from "../graph/graph.ts";
import type { InlineOptions } from "../runtimes/door.ts";

/** Options that can be posted to a worker. */
export type WorkerOptions = Pick<InlineOptions, "build" | "kernels" | "checkFinite" | "maxMemory">;

/** The first message to a worker; it answers Ready or Failed. */
export interface Start {
  model: Uint8Array;
  options: WorkerOptions;
}

/** What a pool knows of its model. */
export interface ModelInfo {
  name: string;
  inputs: readonly TensorInfo[];
  outputs: readonly TensorInfo[];
  metadata: Metadata;
  build: "simd" | "scalar";
}

export interface Ready {
  info: ModelInfo;
}

/** Every later message to a worker is an item; it answers Done or Failed, in order. */
export type Item = Inputs;

export interface Done {
  outputs: Tensors;
}

/** An error of the run side, taken apart: classes do not travel. */
export interface Failed {
  failure: { name: string; code: string; message: string };
}

export type Answer = Ready | Done | Failed;
