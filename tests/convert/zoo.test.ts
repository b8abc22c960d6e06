// The zoo's networks: as large as the literature says, alive, and at a small size equal to the oracle in every variant.
import assert from "node:assert/strict";
import { test } from "node:test";
import { buildZoo, estimateCost, measureZoo, type Variant, ZOO, type ZooName, type ZooOptions } from "../../src/convert.ts";
import { writeModel } from "../../src/format/write.ts";
import { PlanError } from "../../src/graph/errors.ts";
import { loadModel } from "../../src/index.ts";
import { layerKind } from "../../src/ops/layer-kind.ts";
import { interpret } from "../support/interpret.ts";
import { Random } from "../support/random.ts";

const NAMES = Object.keys(ZOO) as ZooName[];

function total(name: ZooName, variant: Variant) {
  const layers = measureZoo(name, { variant });
  const sum = (key: "macs" | "weights" | "bytes") => layers.reduce((so, layer) => so + layer[key], 0);
  return { layers, macs: sum("macs"), weights: sum("weights"), bytes: sum("bytes") };
}

// Sources: torchvision's tables (1.81 and 0.71 G, 11.7 and 61.1 M with biases and batch-norms); Prabhu et al. for
// Sketch-A-Net (608 M, 8.5 M) and AlexNet (1135 M, 62.4 M); torchvision's SqueezeNet 1.1 (0.35 G, 1.24 M); GoogLeNet (1.5 G and about
// 7 M); Larq Zoo for QuickNetSmall (12.7 M with batch-norms; its MACs are our own count, and so is all of CIFAR's VGG).
const SIZES: [ZooName, layers: number, macs: number, weights: number][] = [
  ["resnet18", 21, 1.814e9, 11.68e6],
  ["alexnet", 8, 0.714e9, 61.09e6],
  ["sketchanet", 8, 0.608e9, 8.51e6],
  ["quicknet", 26, 1.172e9, 12.65e6],
  ["alexnet-2012", 8, 1.135e9, 62.37e6],
  ["resnet18-he", 21, 1.814e9, 11.68e6],
  ["squeezenet", 26, 0.349e9, 1.232e6],
  ["googlenet", 58, 1.583e9, 6.99e6],
  ["cifarvgg", 8, 0.616e9, 12.98e6],
];

test("full size is the literature's", () => {
  for (const [name, layers, macs, weights] of SIZES) {
    for (const variant of ZOO[name].variants) {
      const found = total(name, variant);
      const isRight = Math.abs(found.macs / macs - 1) < 1e-3 && Math.abs(found.weights / weights - 1) < 1e-3;

      assert.ok(isRight, `${name} ${variant}: ${found.macs} MACs, ${found.weights} weights`);
      assert.equal(found.layers.length, layers);
    }
  }
});

test("Sketch-A-Net's layers are the paper's, in millions of MACs", () => {
  const found = total("sketchanet", "fprec").layers.map(({ macs }) => (macs / 1e6).toPrecision(3));
  assert.deepEqual(found, ["72.6", "197", "66.4", "133", "133", "6.42", "0.262", "0.128"]);
});

/** Without the last layer's. */
const KINDS: Record<ZooName, Partial<Record<Variant, Record<string, number>>>> = {
  resnet18: {
    fprec: { FPrec: 20 },
    wbin: { FPrec: 1, WBin: 19 },
    fbin: { FPrec: 4, FBin: 16 },
    hybrid: { FPrec: 4, FBin: 14, WBin: 2 },
    hybrid1: { FPrec: 3, FBin: 10, WBin: 7 },
  },
  "resnet18-he": {
    fprec: { FPrec: 20 },
    wbin: { FPrec: 1, WBin: 19 },
    fbin: { FPrec: 1, FBin: 19 },
    hybrid: { FPrec: 1, FBin: 17, WBin: 2 },
    hybrid1: { FPrec: 1, FBin: 12, WBin: 7 },
  },
  alexnet: sevenLayers(),
  "alexnet-2012": sevenLayers(),
  sketchanet: sevenLayers(),
  quicknet: { fprec: { FPrec: 25 }, wbin: { FPrec: 9, WBin: 16 }, fbin: { FPrec: 9, FBin: 16 }, hybrid: { FPrec: 9, FBin: 14, WBin: 2 } },
  squeezenet: {
    fprec: { FPrec: 25 },
    wbin: { FPrec: 1, WBin: 24 },
    fbin: { FPrec: 1, FBin: 24 },
    hybrid3: { FPrec: 1, FBin: 14, WBin: 10 },
    hybrid: { FPrec: 1, FBin: 12, WBin: 12 },
    hybrid1: { FPrec: 1, FBin: 6, WBin: 18 },
  },
  googlenet: { fprec: { FPrec: 57 }, wbin: { FPrec: 1, WBin: 56 }, fbin: { FPrec: 1, FBin: 56 } },
  cifarvgg: { fprec: { FPrec: 7 }, wbin: { FPrec: 1, WBin: 6 }, fbin: { FPrec: 1, FBin: 6 } },
};

function sevenLayers(): Partial<Record<Variant, Record<string, number>>> {
  return {
    fprec: { FPrec: 7 },
    wbin: { FPrec: 1, WBin: 6 },
    fbin: { FPrec: 1, FBin: 6 },
    hybrid: { FPrec: 1, FBin: 5, WBin: 1 },
    hybrid1: { FPrec: 1, FBin: 4, WBin: 2 },
  };
}

/** Small enough for the oracle, large enough for every layer to have pixels. */
const SMALL: Record<ZooName, { size: number; divider: number }> = {
  resnet18: { size: 33, divider: 16 },
  alexnet: { size: 67, divider: 16 },
  sketchanet: { size: 81, divider: 16 },
  quicknet: { size: 40, divider: 8 },
  "alexnet-2012": { size: 67, divider: 8 },
  "resnet18-he": { size: 33, divider: 16 },
  squeezenet: { size: 47, divider: 2 },
  googlenet: { size: 40, divider: 2 },
  cifarvgg: { size: 32, divider: 16 },
};

const CLASSES = 7;
/** A value nearer to its threshold may fall on either side, by rounding. */
const MARGIN = 1e-6;

/** Run on two pictures at once; returns what is wrong. */
async function check(name: ZooName, options: ZooOptions): Promise<string | undefined> {
  const graph = buildZoo(name, { ...SMALL[name], classes: CLASSES, ...options });
  const counts: Record<string, number> = {};
  for (const node of graph.nodes) {
    if (node.op !== "conv2d" && node.op !== "dense") continue;
    const kind = layerKind(node.attrs);
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  const wanted = { ...KINDS[name][options.variant] };
  const last = options.variant === "fprec" || options.last !== "binary" ? "FPrec" : options.variant === "fbin" ? "FBin" : "WBin";
  wanted[last] = (wanted[last] ?? 0) + 1;
  assert.deepEqual(counts, wanted, `${name} ${options.variant}`);

  const model = await loadModel(writeModel(graph));
  const input = graph.values[graph.inputs[0] as number];
  const shape = [2, ...(input?.shape.slice(1) ?? [])];
  for (let seed = 1; seed < 30; seed++) {
    const image = new Random(seed).floats(shape.reduce((product, dim) => product * dim, 1));
    let nearest = Number.POSITIVE_INFINITY;
    const probe = (_: string, value: number, threshold: number) => {
      if (!Number.isInteger(value)) nearest = Math.min(nearest, Math.abs(value - threshold) / Math.max(1, Math.abs(threshold)));
    };
    const expected = interpret(graph, { image: { shape, data: image } }, { probe }).get("scores")?.data ?? [];
    if (nearest < MARGIN) continue;
    const scores = model.run({ image }).scores as Float32Array;
    if (scores.length !== 2 * CLASSES) return `${scores.length} scores`;
    const wrong = scores.findIndex((score, i) => !(Math.abs(score - (expected[i] as number)) <= 1e-3 * (1 + Math.abs(expected[i] as number))));
    if (wrong >= 0) return `score ${wrong} is ${scores[wrong]} instead of ${expected[wrong]} (nearest threshold ${nearest})`;
    const [first, second] = [scores.slice(0, CLASSES), scores.slice(CLASSES)];
    // Weights whose sum is not 0 make all channels alike, and grow with the depth of a net.
    const spread = Math.max(...first) - Math.min(...first);
    const most = options.weights === "two-level" ? 1e8 : 1e4;
    const isAlive = spread > 1e-2 && spread < most && first.some((score, i) => Math.abs(score - (second[i] as number)) > 1e-3 * spread);
    return isAlive ? undefined : `scores are ${scores}`;
  }
  return "every picture has a value at its threshold";
}

const FORMS = [
  ["real", "sign"],
  ["real", "two-level"],
  ["binary", "sign"],
] as const;

for (const name of NAMES) {
  test(`${name}, small, equals the oracle in every variant`, async () => {
    const wrong: string[] = [];
    for (const variant of ZOO[name].variants) {
      for (const [last, weights] of variant === "fprec" ? FORMS.slice(0, 1) : FORMS) {
        const what = await check(name, { variant, last, weights, seed: 3 });
        if (what !== undefined) wrong.push(`${variant}, ${weights}, last ${last}: ${what}`);
      }
    }
    assert.deepEqual(wrong, []);
  });
}

test("with an int8 input the first layer alone changes, and the scores little", async () => {
  const build = (int8: ZooOptions["int8"]) => buildZoo("resnet18", { ...SMALL.resnet18, classes: CLASSES, variant: "fprec", int8 });
  const [plain, rounded] = [build("none"), build("first")];
  const kinds = rounded.nodes.flatMap((node) => (node.op === "conv2d" || node.op === "dense" ? [node.attrs.inputKind] : []));
  assert.deepEqual(kinds, ["int8", ...kinds.slice(1).map(() => "float")]);
  const image = new Random(1).floats(3 * SMALL.resnet18.size ** 2);
  const [a, b] = await Promise.all([plain, rounded].map(async (graph) => (await loadModel(writeModel(graph))).run({ image }).scores as Float32Array));
  assert.ok(a !== undefined && b !== undefined);
  const range = Math.max(...a) - Math.min(...a);
  const difference = Math.max(...a.map((score, i) => Math.abs(score - (b[i] as number))));
  assert.ok(difference > 0 && difference < 0.05 * range, `${difference} of ${range}`);
});

test("the same seed gives the same file, another one another, and its size is as announced", () => {
  const build = (seed: number) => writeModel(buildZoo("sketchanet", { variant: "hybrid", size: 81, divider: 2, seed }));
  const [first, again, other] = [build(5), build(5), build(6)];
  assert.deepEqual(first, again);
  assert.notDeepEqual(first, other);
  const announced = measureZoo("sketchanet", { variant: "hybrid", size: 81, divider: 2 }).reduce((sum, { bytes }) => sum + bytes, 0);
  assert.ok(Math.abs(announced / first.length - 1) < 0.05, `${announced} announced, ${first.length} written`);
});

// Prabhu et al., 2018: millions of equivalent MACs, with a real last layer.
const EQUIVALENT: [ZooName, size: number, Partial<Record<Variant, number>>][] = [
  ["alexnet-2012", 224, { wbin: 1135, hybrid1: 180, hybrid: 143, fbin: 127 }],
  ["sketchanet", 225, { wbin: 608, hybrid1: 89, hybrid: 82, fbin: 82 }],
  ["resnet18-he", 225, { wbin: 2049, hybrid1: 942, hybrid: 450, fbin: 153 }],
];

test("equivalent MACs are those the paper prints", () => {
  for (const [name, size, printed] of EQUIVALENT) {
    for (const [variant, millions] of Object.entries(printed)) {
      const found = estimateCost(measureZoo(name, { variant: variant as Variant, size })).equivalentMacs / 1e6;
      assert.ok(Math.abs(found - millions) < 1, `${name} ${variant}: ${found} instead of ${millions}`);
    }
  }
});

test("binary weights save the memory derived by the paper's rule, with a real last layer and a binary one", () => {
  for (const [name, real, binary] of [
    ["alexnet-2012", 10.5, 31.5],
    ["sketchanet", 21.1, 30.4],
    ["resnet18-he", 13.4, 31.2],
  ] as const) {
    for (const variant of ["wbin", "hybrid1", "hybrid", "fbin"] as const) {
      const ratio = (last: "real" | "binary") => Number(estimateCost(measureZoo(name, { variant, last })).memoryRatio.toFixed(1));
      assert.deepEqual([ratio("real"), ratio("binary")], [real, binary], `${name} ${variant}`);
    }
  }
});

test("energy is counted by layer: operations, weights, inputs", () => {
  const layer = { name: "", macs: 1e6, weights: 3200, inputs: 320, bytes: 0 };
  const picojoules = (kind: "FPrec" | "WBin" | "FBin") =>
    Object.values(estimateCost([{ ...layer, kind }]).joules).map((joules) => Math.round(joules * 1e12));
  assert.deepEqual(picojoules("FPrec"), [4_600_000, 3200 * 640, 320 * 10]);
  assert.deepEqual(picojoules("WBin"), [900_000, 100 * 640, 320 * 10]);
  assert.deepEqual(picojoules("FBin"), [9375, 100 * 640, 10 * 10]);
});

test("what cannot be built is refused with a reason", () => {
  const build = (options: Partial<ZooOptions>) => () => buildZoo("alexnet", { variant: "fbin", ...options });
  const isPlanError = (pattern: RegExp) => (error: unknown) => error instanceof PlanError && pattern.test(error.message);
  assert.throws(build({ size: 30 }), isPlanError(/use a larger input/));
  assert.throws(build({ variant: "hybrid3" }), isPlanError(/alexnet has no variant hybrid3; choose one of fprec, wbin, fbin, hybrid, hybrid1/));
  assert.throws(build({ size: 3000 }), isPlanError(/8\d{9} weights; choose a smaller size/));
});
