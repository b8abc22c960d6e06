// A race of a few milliseconds between the two families of binary convolutions, for hosts nobody has measured: the tables
// have won wherever they were tried, but engines change. Machines without a moving clock keep the static choice.
import { instantiateKernels } from "../engine/instantiate.ts";
import { LinearMemory } from "../engine/memory.ts";
import { type BoundStep, Session } from "../engine/session.ts";
import type { Graph } from "../graph/graph.ts";

/** Of the whole race, without the warm-up of one call each. */
const MAX_MS = 4;
/** Where the clock stands still, as on Workers, it would never be over. */
const MAX_ROUNDS = 32;
const MAX_MEMORY = 2 ** 22;

const CHANNELS = 64;
const SIDE = 14;
const WEIGHT_BYTES = (CHANNELS * 9 * CHANNELS) / 8;
const SHAPE = [1, CHANNELS, SIDE, SIDE];

/** bits -> conv2d 3x3 -> f32, of zeros. */
const LAYER: Graph = {
  name: "race",
  values: [
    { name: "x", type: "bits", shape: SHAPE },
    { name: "y", type: "f32", shape: SHAPE },
  ],
  nodes: [
    {
      name: "conv",
      op: "conv2d",
      attrs: {
        inChannels: CHANNELS,
        outChannels: CHANNELS,
        groups: 1,
        window: { kernelH: 3, kernelW: 3, strideH: 1, strideW: 1, dilationH: 1, dilationW: 1, padTop: 1, padLeft: 1, padBottom: 1, padRight: 1 },
        padValue: 0,
        inputKind: "binary",
        inputScale: 1,
        inputZeroPoint: 0,
        weights: { kind: "sign", data: { offset: 0, bytes: WEIGHT_BYTES }, alpha: { offset: WEIGHT_BYTES, bytes: 4 * CHANNELS } },
      },
      inputs: [0],
      outputs: [1],
    },
  ],
  inputs: [0],
  outputs: [1],
  metadata: { labels: [], entries: {} },
};

/** Return the family that won, or "auto" if it is the one that is chosen anyway, or if nobody can say. */
export async function raceFamilies(module: WebAssembly.Module): Promise<string> {
  const racers = await Promise.all(
    ["auto", "im2row"].map(async (family) => {
      const kernels = await instantiateKernels(module);
      const memory = new LinearMemory(kernels.memory, kernels.heapBase, WEIGHT_BYTES + 4 * CHANNELS, MAX_MEMORY);
      const [conv] = new Session(LAYER, kernels, memory, { kernels: family, maxMemory: MAX_MEMORY, checkFinite: false }).bind(1).steps as [BoundStep];
      return { family, run: conv.run, ms: 0 };
    }),
  );
  for (const { run } of racers) run();
  const start = performance.now();
  for (let round = 0; round < MAX_ROUNDS && performance.now() - start < MAX_MS; round++) {
    for (const racer of racers) {
      const before = performance.now();
      racer.run();
      racer.ms += performance.now() - before;
    }
  }
  const [auto, im2row] = racers as [(typeof racers)[0], (typeof racers)[0]];
  return im2row.ms < auto.ms ? im2row.family : "auto";
}
