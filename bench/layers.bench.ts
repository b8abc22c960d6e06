// One 3x3 convolution at a time, at ResNet-18's four shapes, in the three kinds a layer can have: fully binary, binary
// weights with real inputs, and real. The kinds take turns in one process, so that a busy machine slows all alike; the
// real layer is the baseline, and the naive kernels show what the good ones are worth.

import { median } from "../src/engine/profile.ts";
import { writeModel } from "../src/format/write.ts";
import type { Conv2dAttrs } from "../src/graph/attributes.ts";
import type { Graph, Numbers } from "../src/graph/graph.ts";
import { loadModel, type Model } from "../src/index.ts";
import { Random } from "../tests/support/random.ts";
import { GraphBuilder } from "../tests/support/random-graph.ts";
import { square } from "../tests/support/window.ts";

const SHAPES = [
  { channels: 64, side: 56 },
  { channels: 128, side: 28 },
  { channels: 256, side: 14 },
  { channels: 512, side: 7 },
];
const KINDS = ["FBin", "WBin", "FPrec"] as const;
const ROUNDS = Number(process.argv[2] ?? 15);
/** The host's compiler needs this many calls before a kernel runs at its full speed. */
const WARMUP = 5;

/** x [-> binarize] -> conv 3x3, same channels, zero padding. */
function makeLayer(kind: (typeof KINDS)[number], channels: number, side: number): Graph<Numbers> {
  const random = new Random(1);
  const builder = new GraphBuilder();
  let at = builder.input("x", [1, channels, side, side]);
  if (kind === "FBin") at = builder.add("binarize", {}, at);
  const isFloat = kind === "FPrec";
  const attrs: Conv2dAttrs<Numbers> = {
    inChannels: channels,
    outChannels: channels,
    groups: 1,
    window: square(3, 1, 1),
    padValue: 0,
    inputKind: kind === "FBin" ? "binary" : "float",
    inputScale: 1,
    inputZeroPoint: 0,
    weights: isFloat
      ? { kind: "float", data: random.floats(9 * channels * channels) }
      : { kind: "sign", data: random.words(9 * channels, channels), alpha: random.floats(channels, 0.1, 1) },
  };
  builder.output(builder.add("conv2d", attrs, at));
  return builder.graph;
}

/** Milliseconds of the convolution alone: the binarize before it is a step of its own. */
function timeLayer(model: Model, inputs: { x: Float32Array }): number {
  return model.profile({ inputs, runs: 1, warmup: 0 }).find(({ op }) => op === "conv2d")?.ms ?? Number.NaN;
}

console.log("3x3 convolutions, GMAC/s (median; times the real layer's speed in brackets)\n");
console.log(`${"".padEnd(14)}${["simd", "scalar", "naive"].flatMap((build) => KINDS.map((kind) => `${kind} ${build}`.padStart(16))).join("")}`);
for (const { channels, side } of SHAPES) {
  const inputs = { x: new Random(2).floats(channels * side * side) };
  const options = [{ build: "simd" }, { build: "scalar" }, { build: "scalar", kernels: "reference" }] as const;
  const columns: { model: Model; times: number[] }[] = [];
  for (const option of options) {
    for (const kind of KINDS) columns.push({ model: await loadModel(writeModel(makeLayer(kind, channels, side)), option), times: [] });
  }
  for (let round = -WARMUP; round < ROUNDS; round++) {
    for (const [index, { model, times }] of columns.entries()) {
      // Naive kernels take a second a call; three say enough.
      if (index >= 2 * KINDS.length && (round < 0 || times.length >= 3)) continue;
      const ms = timeLayer(model, inputs);
      if (round >= 0) times.push(ms);
    }
  }
  const macs = 9 * channels * channels * side * side;
  const rates = columns.map(({ times }) => macs / 1e6 / median(times));
  const cells = rates.map((rate, index) => {
    const base = rates[index - (index % KINDS.length) + 2] ?? rate;
    return `${rate.toFixed(rate < 10 ? 2 : 0)} (${(rate / base).toFixed(1)}x)`.padStart(16);
  });
  console.log(`${`${side}x${side}x${channels}`.padEnd(14)}${cells.join("")}`);
}
