// The zoo's networks: as large as the literature says, alive, and at a small size equal to the oracle in every variant.
import assert from "node:assert/strict";
import { test } from "node:test";
import { buildZoo, measureZoo, VARIANTS, type Variant, ZOO, type ZooName, type ZooOptions } from "../../src/convert.ts";
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
// Sketch-A-Net (608 M, 8.5 M); Larq Zoo for QuickNetSmall (12.7 M with batch-norms; its MACs are our own count).
const SIZES: [ZooName, layers: number, macs: number, weights: number][] = [
  ["resnet18", 21, 1.814e9, 11.68e6],
  ["alexnet", 8, 0.714e9, 61.09e6],
  ["sketchanet", 8, 0.608e9, 8.51e6],
  ["quicknet", 26, 1.172e9, 12.65e6],
];

test("full size is the literature's", () => {
  for (const [name, layers, macs, weights] of SIZES) {
    for (const variant of VARIANTS) {
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

const KINDS: [ZooName, Record<Variant, Record<string, number>>][] = [
  ["resnet18", { fprec: { FPrec: 21 }, wbin: { FPrec: 2, WBin: 19 }, fbin: { FPrec: 5, FBin: 16 }, hybrid: { FPrec: 5, FBin: 14, WBin: 2 } }],
  ["alexnet", { fprec: { FPrec: 8 }, wbin: { FPrec: 2, WBin: 6 }, fbin: { FPrec: 2, FBin: 6 }, hybrid: { FPrec: 2, FBin: 5, WBin: 1 } }],
  ["sketchanet", { fprec: { FPrec: 8 }, wbin: { FPrec: 2, WBin: 6 }, fbin: { FPrec: 2, FBin: 6 }, hybrid: { FPrec: 2, FBin: 5, WBin: 1 } }],
  ["quicknet", { fprec: { FPrec: 26 }, wbin: { FPrec: 10, WBin: 16 }, fbin: { FPrec: 10, FBin: 16 }, hybrid: { FPrec: 10, FBin: 14, WBin: 2 } }],
];

/** Small enough for the oracle, large enough for every layer to have pixels. */
const SMALL: Record<ZooName, { size: number; divider: number }> = {
  resnet18: { size: 33, divider: 16 },
  alexnet: { size: 67, divider: 16 },
  sketchanet: { size: 81, divider: 16 },
  quicknet: { size: 40, divider: 8 },
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
  const wanted = KINDS.find(([other]) => other === name)?.[1][options.variant];
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
    const spread = Math.max(...first) - Math.min(...first);
    const isAlive = spread > 1e-2 && spread < 1e4 && first.some((score, i) => Math.abs(score - (second[i] as number)) > 1e-3 * spread);
    return isAlive ? undefined : `scores are ${scores}`;
  }
  return "every picture has a value at its threshold";
}

for (const name of NAMES) {
  test(`${name}, small, equals the oracle in every variant`, async () => {
    const wrong: string[] = [];
    for (const variant of VARIANTS) {
      for (const weights of variant === "fprec" ? (["sign"] as const) : (["sign", "two-level"] as const)) {
        const what = await check(name, { variant, weights, seed: 3 });
        if (what !== undefined) wrong.push(`${variant}, ${weights}: ${what}`);
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

test("what cannot be built is refused with a reason", () => {
  const build = (options: Partial<ZooOptions>) => () => buildZoo("alexnet", { variant: "fbin", ...options });
  const isPlanError = (pattern: RegExp) => (error: unknown) => error instanceof PlanError && pattern.test(error.message);
  assert.throws(build({ size: 30 }), isPlanError(/use a larger input/));
  assert.throws(build({ size: 3000 }), isPlanError(/8\d{9} weights; choose a smaller size/));
});
