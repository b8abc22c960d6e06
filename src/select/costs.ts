// What real numbers cost in each unit that there is a choice for: milliseconds and bytes, beside its multiply-accumulates.
import { layerOfPlane } from "../ops/layer-kind.ts";
import type { MeasureOptions } from "./runs.ts";
import type { Net, Switches } from "./switches.ts";

export interface LayerCost {
  macs: number;
  /** Milliseconds of its kernels when binary, the least of some medians; and what being real adds, at least a microsecond. */
  ms: number;
  addedMs: number;
  /** What being real adds to the file; at least 1. */
  addedBytes: number;
}

export interface Costs {
  /** Unit by unit. */
  units: LayerCost[];
  /** Of every layer, by name. */
  macs: Map<string, number>;
  /** Of the net with everything binary that can be. */
  ms: number;
  bytes: number;
}

/** Time the net all binary and all real, on zeros, taking turns; count the MACs and the bytes. */
export async function measureCosts(switches: Switches, { load }: MeasureOptions, rounds = 5): Promise<Costs> {
  const { units } = switches;
  const binary = switches.make([]);
  const models = [await load(binary.file), await load(switches.make(units.map((_, index) => index)).file)];
  const times = models.map(() => new Map<string, number[]>());
  const macs = new Map<string, number>();
  for (let round = 0; round < rounds; round++) {
    models.forEach((model, which) => {
      for (const { node, ms, macs: count } of model.profile({ runs: 5, warmup: round === 0 ? 5 : 1 })) {
        const known = times[which] as Map<string, number[]>;
        known.set(node, [...(known.get(node) ?? []), ms]);
        macs.set(node, count);
      }
    });
  }
  for (const model of models) model.dispose();
  const least = times.map((known) => new Map([...known].map(([name, list]) => [name, Math.min(...list)])));
  return {
    units: units.map((names, index): LayerCost => {
      const [ms, real] = least.map((known) => sumOf(known, names)) as [number, number];
      const addedBytes = switches.make([index]).file.length - binary.file.length;
      return {
        macs: names.reduce((sum, name) => sum + (macs.get(name) ?? 0), 0),
        ms,
        addedMs: Math.max(0.001, real - ms),
        addedBytes: Math.max(1, addedBytes),
      };
    }),
    macs: new Map(listNames(binary).map((name) => [name, macs.get(name) ?? 0])),
    ms: [...(least[0]?.values() ?? [])].reduce((a, b) => a + b, 0),
    bytes: binary.file.length,
  };
}

/** Sum over layers and over the planes that one may have become. */
function sumOf(times: ReadonlyMap<string, number>, names: readonly string[]): number {
  const isOf = (node: string) => names.includes(node) || names.includes(layerOfPlane(node.replace(/_(add|sum)$/, "")) ?? "");
  return [...times].reduce((sum, [node, ms]) => sum + (isOf(node) ? ms : 0), 0);
}

function listNames({ report }: Net): string[] {
  return report.layers.map(({ name }) => name);
}
