// What is said about a list of times.
import { median } from "../../src/engine/profile.ts";

export interface Times {
  median: number;
  min: number;
  /** How many were taken. */
  count: number;
}

export function summarize(times: readonly number[]): Times {
  return { median: median(times), min: times.reduce((least, time) => Math.min(least, time), Number.POSITIVE_INFINITY), count: times.length };
}

/** Billions of multiply-accumulates per second. */
export function giga(macs: number, ms: number): number {
  return macs / ms / 1e6;
}
