// Binary layers at the edges where a narrower accumulator would overflow: u8 lanes after 31 blocks of 128 bits, 16 bits
// after 65,535 differing bits, and far beyond. Operands differ in exactly the first `differing` places, so the dot
// product is known without an oracle: depth - 2 differing.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { LayerAttrs } from "../../src/graph/attributes.ts";
import type { Numbers } from "../../src/graph/graph.ts";
import { BUILDS, type Outcome, runOp, type Tensor } from "../support/kernel-runner.ts";

const BLOCK_BITS = 128;
const DEPTHS = [30, 31, 32, 61, 62, 63, 93].flatMap((blocks) => [-33, -1, 0, 1, 33].map((more) => blocks * BLOCK_BITS + more));
DEPTHS.push(32767, 32768, 65534, 65535, 65536, 65537, 131072, 2 ** 20 + 5);
const ROWS = [1, 5];
const FILTERS = 3;

/** Words of `bits` bits with ones in the first `ones`. */
function firstOnes(bits: number, ones: number): Uint32Array {
  return Uint32Array.from({ length: Math.ceil(bits / 32) }, (_, word) => {
    const used = Math.max(0, Math.min(32, ones - 32 * word));
    return used === 32 ? 0xffffffff : 2 ** used - 1;
  });
}

function repeat(words: Uint32Array, times: number): Uint32Array {
  const all = new Uint32Array(words.length * times);
  for (let i = 0; i < times; i++) all.set(words, i * words.length);
  return all;
}

function layer(data: Numbers, toBits: boolean, dot: number): LayerAttrs<Numbers> {
  return {
    inputKind: "binary",
    inputScale: 1,
    inputZeroPoint: 0,
    weights: { kind: "sign", data, alpha: new Float32Array(FILTERS).fill(1) },
    // One threshold below, one at, one above the dot product: bits 0, 0, 1.
    thresholds: toBits ? { values: Int32Array.from([dot - 1, dot, dot + 1]) } : undefined,
  };
}

/** What is wrong with the outputs of a layer whose dot products are all `dot`. */
function findWrong({ outputs, kernel }: Outcome, toBits: boolean, dot: number): string | undefined {
  const wanted = toBits ? 0b100 : Math.fround(dot);
  const found = (outputs[0] as Tensor).data.find((value) => value !== wanted);
  return found === undefined ? undefined : `${kernel}: ${found} instead of ${wanted}`;
}

function runEverywhere(run: (build: (typeof BUILDS)[number], toBits: boolean, dot: number, kernels: "auto" | "reference") => Outcome, depth: number): string[] {
  const problems: string[] = [];
  for (const differing of [0, Math.floor(depth / 2), depth]) {
    const dot = depth - 2 * differing;
    for (const build of BUILDS) {
      for (const toBits of [false, true]) {
        const problem = findWrong(run(build, toBits, dot, "auto"), toBits, dot);
        if (problem !== undefined) problems.push(`${build}, depth ${depth}, ${differing} differ: ${problem}`);
      }
    }
  }
  return problems;
}

test("dense: no accumulator overflows", () => {
  const problems = DEPTHS.flatMap((depth) =>
    ROWS.flatMap((rows) =>
      runEverywhere((build, toBits, dot, kernels) => {
        const words = firstOnes(depth, (depth - dot) / 2);
        const attrs = { ...layer(new Uint32Array(words.length * FILTERS), toBits, dot), inFeatures: depth, outFeatures: FILTERS };
        const input: Tensor = { type: "bits", shape: [rows, depth], data: repeat(words, rows) };
        return runOp(build, { name: "fc", op: "dense", attrs, inputs: [0], outputs: [1] }, [input], { kernels });
      }, depth),
    ),
  );
  assert.deepEqual(problems, []);
});

test("dense: 2^24 + 32 products, where f32 begins to round", () => {
  const depth = 2 ** 24 + 32;
  for (const build of BUILDS) {
    const words = firstOnes(depth, depth);
    const attrs = { ...layer(new Uint32Array(words.length * FILTERS), true, -depth), inFeatures: depth, outFeatures: FILTERS };
    const input: Tensor = { type: "bits", shape: [1, depth], data: words };
    const outcome = runOp(build, { name: "fc", op: "dense", attrs, inputs: [0], outputs: [1] }, [input]);
    assert.equal(findWrong(outcome, true, -depth), undefined, build);
  }
});

test("conv2d: no accumulator overflows", () => {
  const taps = 4;
  const problems = DEPTHS.filter((depth) => depth % taps === 0).flatMap((depth) =>
    runEverywhere((build, toBits, dot, kernels) => {
      // The first channels of every tap differ; all of them, half of them, or none.
      const channels = depth / taps;
      const words = firstOnes(channels, (depth - dot) / 2 / taps);
      if (!Number.isInteger((depth - dot) / 2 / taps)) words.fill(0);
      const exact = Number.isInteger((depth - dot) / 2 / taps) ? dot : depth;
      const window = { kernelH: 2, kernelW: 2, strideH: 1, strideW: 1, dilationH: 1, dilationW: 1, padTop: 0, padLeft: 0, padBottom: 0, padRight: 0 };
      const data = new Uint32Array(words.length * taps * FILTERS);
      const attrs = { ...layer(data, toBits, exact), inChannels: channels, outChannels: FILTERS, groups: 1, window, padValue: 0 as const };
      const input: Tensor = { type: "bits", shape: [1, channels, 3, 3], data: repeat(words, 9) };
      const outcome = runOp(build, { name: "conv", op: "conv2d", attrs, inputs: [0], outputs: [1] }, [input], { kernels });
      const wrong = findWrong(outcome, toBits, exact);
      if (wrong !== undefined) throw new Error(`${build}, depth ${depth}: ${wrong}`);
      return { ...outcome, outputs: [{ ...(outcome.outputs[0] as Tensor), data: new Uint32Array() }] };
    }, depth),
  );
  assert.deepEqual(problems, []);
});
