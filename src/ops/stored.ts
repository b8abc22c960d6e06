// The constants ops list, in the forms that several of them use.
import type { Thresholds } from "../graph/attributes.ts";
import { countBytes } from "../graph/graph.ts";
import type { Stored, Type } from "./op.ts";

/** One number, or bit, per channel. */
export function perChannel<D>(name: string, data: D | undefined, channels: number, type: Stored<D>["type"] = "f32"): Stored<D> {
  return { name, data, type, length: channels, runs: 1 };
}

/** `type` is that of the values compared: i32 for integer dot products. */
export function storedThresholds<D>(thresholds: Thresholds<D> | undefined, channels: number, type: "f32" | "i32" = "f32"): Stored<D>[] {
  return [perChannel("thresholds", thresholds?.values, channels, type), perChannel("threshold flips", thresholds?.flips, channels, "bits")];
}

/** Count the channels of input 0. */
export function countChannels(inputs: readonly Type[]): number {
  return inputs[0]?.shape[1] ?? 1;
}

/** Count the bytes a constant must have. */
export function countStoredBytes({ type, length, runs }: Stored<unknown>): number {
  return countBytes({ type, shape: [runs, length] });
}
