// Binary layers at the edges where a narrower accumulator would overflow: u8 lanes after 31 blocks of 128 bits, 16 bits
// after 65,535 differing bits, and far beyond. Operands differ in exactly the first `differing` places, so the dot
// product is known without an oracle: depth - 2 differing. Int8 layers likewise, with every input 255 steps from zero.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { LayerAttrs } from "../../src/graph/attributes.ts";
import type { Numbers } from "../../src/graph/graph.ts";
import { BUILDS, type Build, type Outcome, runOp, type Tensor } from "../support/kernel-runner.ts";
import { square } from "../support/window.ts";

const BLOCK_BITS = 128;
const DEPTHS = [30, 31, 32, 61, 62, 63, 93].flatMap((blocks) => [-33, -1, 0, 1, 33].map((more) => blocks * BLOCK_BITS + more));
DEPTHS.push(32767, 32768, 65534, 65535, 65536, 65537, 131072, 2 ** 20 + 5);
const ROWS = [1, 5];
const FILTERS = 3;
const TAPS = 4;
const WINDOW = square(2);

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

function layer(data: Numbers, toBits: boolean, dot: number, filters = FILTERS): LayerAttrs<Numbers> {
  return {
    inputKind: "binary",
    inputScale: 1,
    inputZeroPoint: 0,
    weights: { kind: "sign", data, alpha: new Float32Array(filters).fill(1) },
    // One threshold below, one at, one above the dot product: bits 0, 0, 1.
    thresholds: toBits ? { values: Int32Array.from([dot - 1, dot, dot + 1]) } : undefined,
  };
}

/** Run a layer whose dot products are all `dot` in every build; returns what is wrong. */
function findWrong(dot: number, title: string, run: (build: Build, toBits: boolean) => Outcome): string[] {
  const problems: string[] = [];
  for (const build of BUILDS) {
    for (const toBits of [false, true]) {
      const { outputs, kernel } = run(build, toBits);
      const wanted = toBits ? 0b100 : Math.fround(dot);
      const found = (outputs[0] as Tensor).data.find((value) => value !== wanted);
      if (found !== undefined) problems.push(`${build} ${kernel}, ${title}: ${found} instead of ${wanted}`);
    }
  }
  return problems;
}

function runDense(depth: number, rows: number, differing: number): string[] {
  const words = firstOnes(depth, differing);
  const dot = depth - 2 * differing;
  const input: Tensor = { type: "bits", shape: [rows, depth], data: repeat(words, rows) };
  return findWrong(dot, `${rows} x ${depth}, ${differing} differ`, (build, toBits) => {
    const attrs = { ...layer(new Uint32Array(words.length * FILTERS), toBits, dot), inFeatures: depth, outFeatures: FILTERS };
    return runOp(build, { name: "fc", op: "dense", attrs, inputs: [0], outputs: [1] }, [input]);
  });
}

function runConv2d(channels: number, differing: number): string[] {
  const words = firstOnes(channels, differing);
  const dot = TAPS * (channels - 2 * differing);
  const input: Tensor = { type: "bits", shape: [1, channels, 3, 3], data: repeat(words, 9) };
  return findWrong(dot, `${TAPS} x ${channels}, ${differing} differ a tap`, (build, toBits) => {
    const weights = layer(new Uint32Array(words.length * TAPS * FILTERS), toBits, dot);
    const attrs = { ...weights, inChannels: channels, outChannels: FILTERS, groups: 1, window: WINDOW, padValue: 0 as const };
    return runOp(build, { name: "conv", op: "conv2d", attrs, inputs: [0], outputs: [1] }, [input]);
  });
}

/** Depths around 25, 32, 51 and 63 look-ups of 4 or 5 channels, at 1 and 4 taps, and far beyond. */
const INT8_CHANNELS = [1, 4, 5, 6, 30, 31, 32, 33, 63, 64, 65, 100, 125, 126, 127, 128, 129, 160, 255, 256, 315, 316, 1000];

/** Every input at one end of the int8 grid, every weight bit the same: the dot product is depth times that end. */
function findWrongInt8(op: "conv2d" | "dense", channels: number, filters: number): string[] {
  const problems: string[] = [];
  const taps = op === "conv2d" ? TAPS : 1;
  for (const zero of [-128, -1, 0, 1, 127]) {
    for (const [x, end] of [
      [-1e30, -128 - zero],
      [1e30, 127 - zero],
    ] as const) {
      for (const [fill, sign] of [
        [0, 1],
        [channels, -1],
      ] as const) {
        const wanted = Math.fround(sign * end * channels * taps);
        const data = repeat(firstOnes(channels, fill), taps * filters);
        const layer = { inputKind: "int8" as const, inputScale: 1, inputZeroPoint: zero };
        const attrs = { ...layer, weights: { kind: "sign" as const, data, alpha: new Float32Array(filters).fill(1) } };
        const shape = op === "conv2d" ? [1, channels, 3, 9] : [3, channels];
        const input: Tensor = { type: "f32", shape, data: new Float32Array(shape.reduce((all, dim) => all * dim)).fill(x) };
        for (const build of BUILDS) {
          const { outputs, kernel } =
            op === "conv2d"
              ? runOp(
                  build,
                  {
                    name: op,
                    op,
                    attrs: { ...attrs, inChannels: channels, outChannels: filters, groups: 1, window: WINDOW, padValue: 0 },
                    inputs: [0],
                    outputs: [1],
                  },
                  [input],
                )
              : runOp(build, { name: op, op, attrs: { ...attrs, inFeatures: channels, outFeatures: filters }, inputs: [0], outputs: [1] }, [input]);
          const found = (outputs[0] as Tensor).data.find((value) => value !== wanted);
          if (found !== undefined) problems.push(`${build} ${kernel}, ${channels} channels, zero point ${zero}: ${found} instead of ${wanted}`);
        }
      }
    }
  }
  return problems;
}

/** None of `count` places, half of them, all. */
const shares = (count: number) => [0, Math.floor(count / 2), count];

test("dense: no accumulator overflows", () => {
  const problems = DEPTHS.flatMap((depth) => ROWS.flatMap((rows) => shares(depth).flatMap((differing) => runDense(depth, rows, differing))));
  assert.deepEqual(problems, []);
});

test("dense: bit-sliced counts up to the most rows there may be, and popcount beyond", () => {
  const filters = 64;
  const problems: string[] = [];
  for (const depth of [480, 510, 512, 4096, 65504, 65536, 65537]) {
    for (const selected of shares(depth)) {
      // Every filter has ones everywhere, so each row that the input selects is counted.
      const data = repeat(firstOnes(depth, depth), filters);
      const input: Tensor = { type: "bits", shape: [1, depth], data: firstOnes(depth, selected) };
      const dot = 2 * selected - depth;
      const attrs = { ...layer(data, false, dot, filters), inFeatures: depth, outFeatures: filters };
      const kernel = depth <= 65536 ? "dense_b1b1f32_bitslice_1x128" : "dense_b1b1f32_popcount_4x2";
      const { outputs } = runOp("simd", { name: "fc", op: "dense", attrs, inputs: [0], outputs: [1] }, [input], { kernel });
      const found = (outputs[0] as Tensor).data.find((value) => value !== dot);
      if (found !== undefined) problems.push(`${depth}, ${selected} selected: ${found} instead of ${dot}`);
    }
  }
  assert.deepEqual(problems, []);
});

test("dense: 2^24 + 32 products, where f32 begins to round", () => {
  assert.deepEqual(runDense(2 ** 24 + 32, 1, 2 ** 24 + 32), []);
});

test("conv2d: no accumulator overflows", () => {
  const channels = DEPTHS.map((depth) => Math.ceil(depth / TAPS));
  assert.deepEqual(
    channels.flatMap((count) => shares(count).flatMap((differing) => runConv2d(count, differing))),
    [],
  );
});

test("conv2d on pair planes: counts of 16 bits up to the deepest filters, and another kernel beyond", () => {
  const problems: string[] = [];
  const [side, taps] = [9, 9];
  for (const channels of [3639, 3640, 3641]) {
    for (const differing of shares(channels)) {
      const words = firstOnes(channels, differing);
      const dot = taps * (channels - 2 * differing);
      const input: Tensor = { type: "bits", shape: [1, channels, side, side], data: repeat(words, side * side) };
      const found = findWrong(dot, `${taps} x ${channels}, ${differing} differ a tap`, (build, toBits) => {
        const weights = layer(new Uint32Array(words.length * taps * FILTERS), toBits, dot);
        const attrs = { ...weights, inChannels: channels, outChannels: FILTERS, groups: 1, window: square(3), padValue: 0 as const };
        const outcome = runOp(build, { name: "conv", op: "conv2d", attrs, inputs: [0], outputs: [1] }, [input]);
        assert.equal(outcome.kernel.includes("_lut5_"), build === "simd" && channels <= 3640, outcome.kernel);
        return outcome;
      });
      problems.push(...found);
    }
  }
  assert.deepEqual(problems, []);
});

test("int8 inputs: no accumulator overflows", () => {
  // Few filters share tables of 4 channels, many of 5.
  const problems = [3, 40].flatMap((filters) => INT8_CHANNELS.flatMap((channels) => findWrongInt8("conv2d", channels, filters)));
  assert.deepEqual(problems, []);
  assert.deepEqual(
    [...INT8_CHANNELS, 65793, 2 ** 17].flatMap((channels) => findWrongInt8("dense", channels, 3)),
    [],
  );
});

/** Depths around what still fits i16 weights (127 steps from zero: 514, 0: 1024), and beyond, where the naive kernel runs. */
const REAL_CHANNELS = [1, 28, 63, 64, 65, 126, 127, 128, 129, 255, 256, 257];

test("int8 inputs with real weights: no accumulator overflows", () => {
  const problems: string[] = [];
  for (const channels of REAL_CHANNELS) {
    for (const zero of [-128, -1, 0, 127]) {
      for (const x of [-1e30, 1e30]) {
        const end = (x < 0 ? -128 : 127) - zero;
        for (const weight of [1, -1, 0.7, -0.7]) {
          const layer = { inputKind: "int8" as const, inputScale: 1, inputZeroPoint: zero, groups: 1, window: WINDOW, padValue: 0 as const };
          const weights = { kind: "float" as const, data: new Float32Array(FILTERS * TAPS * channels).fill(weight) };
          const attrs = { ...layer, weights, inChannels: channels, outChannels: FILTERS };
          const shape = [1, channels, 3, 3];
          const input: Tensor = { type: "f32", shape, data: new Float32Array(9 * channels).fill(x) };
          const wanted = end * weight * TAPS * channels;
          for (const build of BUILDS) {
            const { outputs, kernel } = runOp(build, { name: "conv", op: "conv2d", attrs, inputs: [0], outputs: [1] }, [input]);
            const found = (outputs[0] as Tensor).data.find((value) => !(Math.abs(value - wanted) <= 1e-6 * Math.abs(wanted)));
            if (found !== undefined) problems.push(`${build} ${kernel}, ${channels} channels, zero point ${zero}: ${found} instead of ${wanted}`);
          }
        }
      }
    }
  }
  assert.deepEqual(problems, []);
});
