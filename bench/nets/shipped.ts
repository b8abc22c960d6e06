// The bundles that ship, as users import them: whole networks and cold starts are timed with these.
import type { InlineOptions, Model } from "../../src/index.ts";

export interface Shipped {
  loadModel(bytes: Uint8Array, options?: InlineOptions & { threads?: number }): Promise<Model>;
}

/** Import a door of the package by its name, as this host resolves it. */
export function openShipped(door: "hybit" | "hybit/threads" = "hybit"): Promise<Shipped> {
  return import(door);
}

/** Random numbers in -1..1 for every input, the same each time. */
export function makeInputs({ inputs }: Pick<Model, "inputs">, batch = 1): Record<string, Float32Array> {
  let state = 1;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
  return Object.fromEntries(
    inputs.map(({ name, shape }) => [
      name,
      Float32Array.from({ length: shape.reduce((product, dim) => product * (dim < 0 ? batch : dim), 1) }, next),
    ]),
  );
}
