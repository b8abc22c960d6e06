// The bundles that ship, as users import them: whole networks and cold starts are timed with these.
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { InlineOptions, Model } from "../../src/index.ts";

export interface Shipped {
  loadModel(bytes: Uint8Array, options?: InlineOptions & { threads?: number }): Promise<Model>;
}

/** Import dist/index.js, or another door; undefined when this build has none of that name. */
export async function openShipped(door = "index"): Promise<Shipped | undefined> {
  const path = join("dist", `${door}.js`);
  return existsSync(path) ? import(pathToFileURL(resolve(path)).href) : undefined;
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
