// A small network whose real layers read the int8 grid, with int8 values or floats between them.
import type { Graph, Numbers } from "../../src/graph/graph.ts";
import { NO_LIMIT } from "../../src/ops/layer-kind.ts";
import { Random } from "./random.ts";
import { GraphBuilder } from "./random-graph.ts";
import { square } from "./window.ts";

/** The grid of the input: that of pixels p of a model that takes p / 255, so q = p - 128. */
export const PIXELS = { scale: 1 / 256, zeroPoint: -128 };

/** Input [-1,3,17,19] and 6 scores; the same numbers whatever is int8. */
export function bytesNet(what: { input: boolean; between: boolean }): Graph<Numbers> {
  const random = new Random(21);
  const builder = new GraphBuilder();
  const relu = { hasResidual: false, addsLast: false, low: 0, high: NO_LIMIT };
  const grid = { scale: 0.125, zeroPoint: -100 };
  const layer = {
    inputKind: "int8",
    inputScale: grid.scale,
    inputZeroPoint: grid.zeroPoint,
    quantize: what.between ? grid : undefined,
  } as const;
  const conv = { ...layer, groups: 1, padValue: 0, epilogue: relu } as const;
  let x = builder.input("x", [1, 3, 17, 19], what.input ? "i8" : "f32");
  const stem = { kind: "float", data: random.floats(20 * 25 * 3), bias: random.floats(20) } as const;
  const first = { ...conv, inputScale: PIXELS.scale, inputZeroPoint: PIXELS.zeroPoint, window: square(5, 2, 2), inChannels: 3, outChannels: 20 };
  x = builder.add("conv2d", { ...first, weights: stem }, x);
  const signs = { kind: "sign", data: random.words(9 * 33, 20), alpha: random.floats(33, 0.01, 0.1) } as const;
  x = builder.add("conv2d", { ...conv, window: square(3, 2, 1), inChannels: 20, outChannels: 33, weights: signs }, x);
  const [, channels = 1, height = 1, width = 1] = builder.type(x).shape;
  const inFeatures = channels * height * width;
  x = builder.add("reshape", { shape: [-1, inFeatures] }, x);
  const levels = { kind: "two-level", data: random.words(6, inFeatures), alpha: random.floats(6), beta: random.floats(6) } as const;
  x = builder.add("dense", { ...layer, quantize: undefined, inFeatures, outFeatures: 6, weights: levels }, x);
  builder.output(x);
  builder.graph.name = "bytes";
  return builder.graph;
}
