// Bits of binary layers with two-level weights, in every build: the answer of y < threshold in f64 for levels, thresholds and depths chosen to
// be hard, and that answer against exact arithmetic. HYBIT_DEEP=1 draws more layers.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { LayerAttrs, Window } from "../../src/graph/attributes.ts";
import { countWords, type NodeOf, type Numbers } from "../../src/graph/graph.ts";
import { BUILDS, runOp, type Tensor } from "../support/kernel-runner.ts";
import { Random } from "../support/random.ts";
import { readBit } from "../support/tensor.ts";
import { square } from "../support/window.ts";

const IS_DEEP = process.env.HYBIT_DEEP === "1";
const fround = Math.fround;

interface Case {
  seed: number;
  channels: number;
  filters: number;
  /** 1: a dense layer of as many rows as pixels. */
  kernel: 1 | 3;
  padValue: -1 | 0 | 1;
  side: number;
  isDense?: boolean;
  /** The SIMD build must choose pair planes. */
  needsPlanes?: boolean;
}

/** Sums of inputs that meet alpha, and beta. */
type Parts = readonly [number, number];

/** Words of `bits` bits, each 1 with a probability of its run's own, from never to always. */
function drawRuns(random: Random, runs: number, bits: number): Uint32Array {
  const words = new Uint32Array(runs * countWords(bits));
  for (let run = 0; run < runs; run++) {
    const share = random.pick([0, 1, 0.5, 0.5, random.float(0, 1)]);
    for (let i = 0; i < bits; i++) {
      const word = run * countWords(bits) + (i >> 5);
      if (random.float(0, 1) < share) words[word] = ((words[word] as number) | (1 << (i & 31))) >>> 0;
    }
  }
  return words;
}

/** Two levels: anything, nearly opposite, nearly equal, in a ratio of small whole numbers, and of magnitudes far apart; or no numbers. */
function drawLevels(random: Random, hasNumbers: boolean): [number, number] {
  const level = fround(random.pick([1, 1e-3, 1e30, 2 ** -120]) * random.float(0.1, 1) * random.pick([1, -1]));
  const other = random.pick([
    () => random.float(-1, 1),
    () => -level * (1 + 2 ** -random.int(3, 23)),
    () => level * (1 - 2 ** -random.int(3, 23)),
    () => (level * random.int(-9, 9)) / random.int(1, 9),
    () => level * random.pick([1, -1]) * 2 ** -random.int(9, 60),
    () => level * random.pick([1, -1, 0]),
    () => (hasNumbers ? 2 ** -149 : random.pick([Number.POSITIVE_INFINITY, Number.NaN])),
  ])();
  const even: [number, number] = random.int(0, 3) === 0 ? [random.int(-3, 3), random.int(-3, 3)] : [level, fround(other)];
  return random.int(0, 1) === 0 ? even : [even[1], even[0]];
}

/** The sums of every output, [pixels][filters]. */
function sumParts(c: Case, input: Uint32Array, weights: Uint32Array): Parts[][] {
  const { channels, filters, kernel, side, padValue } = c;
  const run = 32 * countWords(channels);
  const pad = (kernel - 1) / 2;
  return Array.from({ length: side * side }, (_, pixel) =>
    Array.from({ length: filters }, (_, filter) => {
      const parts: [number, number] = [0, 0];
      for (let ky = 0; ky < kernel; ky++) {
        for (let kx = 0; kx < kernel; kx++) {
          const y = Math.floor(pixel / side) + ky - pad;
          const x = (pixel % side) + kx - pad;
          const isInside = y >= 0 && y < side && x >= 0 && x < side;
          for (let i = 0; i < channels; i++) {
            const value = isInside ? 1 - 2 * readBit(input, (y * side + x) * run + i) : padValue;
            if (readBit(weights, ((filter * kernel + ky) * kernel + kx) * run + i)) parts[1] += value;
            else parts[0] += value;
          }
        }
      }
      return parts;
    }),
  );
}

/** A whole multiple of the least f32. */
const exact = (value: number) => BigInt(value * 2 ** 149);

/** Check the definition itself: f64 may err only where the sides differ by less than it can tell. */
function assertNearlyExact([a, b]: Parts, alpha: number, beta: number, bias: number, threshold: number, isBelow: boolean): void {
  if (![alpha, beta, bias, threshold].every(Number.isFinite)) return;
  const terms = [exact(alpha) * BigInt(a), exact(beta) * BigInt(b), exact(bias), -exact(threshold)] as const;
  const difference = terms.reduce((sum, term) => sum + term);
  const magnitude = terms.reduce((sum, term) => sum + (term < 0n ? -term : term), 0n);
  const isNear = (difference < 0n ? -difference : difference) <= magnitude >> 51n;
  if (!isNear) assert.equal(isBelow, difference < 0n);
}

function check(c: Case): string[] {
  const { seed, channels, filters, kernel, padValue, side, isDense = false } = c;
  const random = new Random(seed);
  const pixels = side * side;
  const input = drawRuns(random, pixels, channels);
  const data = drawRuns(random, filters * kernel * kernel, channels);
  const parts = sumParts(c, input, data);
  const alpha = new Float32Array(filters);
  const beta = new Float32Array(filters);
  const bias = random.int(0, 1) === 0 ? undefined : new Float32Array(filters);
  const values = new Float32Array(filters);
  const flips = random.words(1, filters);
  const hasNumbers = random.int(0, 4) > 0;
  for (let o = 0; o < filters; o++) {
    const [first, second] = drawLevels(random, hasNumbers);
    alpha[o] = first;
    beta[o] = second;
    if (bias) bias[o] = random.pick([0, 1, random.float(-9, 9)]);
    // Thresholds that an output meets, or misses by a little.
    const [a, b] = (parts[random.int(0, pixels - 1)] as Parts[])[o] as Parts;
    const y = fround(first * a + second * b + (bias?.[o] ?? 0));
    values[o] = random.pick([
      y,
      y,
      fround(y * (1 + 2 ** -23)),
      fround(y * (1 - 2 ** -23)),
      0,
      random.float(-99, 99),
      Number.POSITIVE_INFINITY,
      Number.NaN,
    ]);
  }
  const isBelow = (pixel: number, o: number): boolean => {
    const [a, b] = (parts[pixel] as Parts[])[o] as Parts;
    const [first, second] = [alpha[o] as number, beta[o] as number];
    const [threshold, offset] = [values[o] as number, bias?.[o] ?? 0];
    const found = first * a + second * b < threshold - offset;
    assertNearlyExact([a, b], first, second, offset, threshold, found);
    return found;
  };
  const expected = parts.map((_, pixel) => Array.from({ length: filters }, (_, o) => Number(isBelow(pixel, o)) ^ readBit(flips, o)));

  const layer: LayerAttrs<Numbers> = {
    inputKind: "binary",
    inputScale: 1,
    inputZeroPoint: 0,
    weights: { kind: "two-level", data, alpha, beta, bias },
    thresholds: { values, flips },
  };
  const ends = { name: "layer", inputs: [0], outputs: [1] };
  const window: Window = square(kernel, 1, (kernel - 1) / 2);
  const node: NodeOf<"conv2d" | "dense", Numbers> = isDense
    ? { ...ends, op: "dense", attrs: { ...layer, inFeatures: channels, outFeatures: filters } }
    : { ...ends, op: "conv2d", attrs: { ...layer, inChannels: channels, outChannels: filters, groups: 1, window, padValue } };
  const tensor: Tensor = { type: "bits", shape: isDense ? [pixels, channels] : [1, channels, side, side], data: input };
  const problems: string[] = [];
  for (const build of BUILDS) {
    for (const kernels of ["auto", "reference"] as const) {
      const { outputs, kernel: name } = runOp(build, node, [tensor], { kernels });
      if (c.needsPlanes && build === "simd" && kernels === "auto") assert.match(name, /_lut5_/);
      const found = (outputs[0] as Tensor).data;
      const isRight = (bit: number, pixel: number, o: number) => readBit(found, pixel * 32 * countWords(filters) + o) === bit;
      const wrong = expected.flatMap((bits, pixel) => bits.flatMap((bit, o) => (isRight(bit, pixel, o) ? [] : [{ pixel, o }])));
      const [first] = wrong;
      if (first === undefined) continue;
      const { pixel, o } = first;
      const what = `alpha ${alpha[o]}, beta ${beta[o]}, threshold ${values[o]}, bias ${bias?.[o]}, sums ${parts[pixel]?.[o]}`;
      problems.push(`${build} ${name}: ${wrong.length} bits, pixel ${pixel}, filter ${o}: ${what}\n    ${JSON.stringify(c)}`);
    }
  }
  return problems;
}

function checkAll(cases: readonly Case[]): void {
  const problems = cases.flatMap(check);
  assert.equal(problems.length, 0, `${problems.length} failures:\n  ${problems.slice(0, 8).join("\n  ")}`);
}

test("two-level bits: 1x1 layers of few channels, where outputs meet their thresholds", () => {
  const cases = Array.from({ length: IS_DEEP ? 2000 : 60 }, (_, i): Case => {
    const channels = new Random(i).int(1, 40);
    return { seed: i, channels, filters: 33, kernel: 1, padValue: ([0, 1, -1] as const)[i % 3] as Case["padValue"], side: 8, needsPlanes: true };
  });
  checkAll(cases);
});

test("two-level bits: 3x3 layers, whose borders count fewer products", () => {
  const cases = Array.from({ length: IS_DEEP ? 500 : 16 }, (_, i): Case => {
    const channels = new Random(1000 + i).int(1, 70);
    return {
      seed: 1000 + i,
      channels,
      filters: 40,
      kernel: 3,
      padValue: ([0, 0, 1, -1] as const)[i % 4] as Case["padValue"],
      side: 7,
      needsPlanes: true,
    };
  });
  checkAll(cases);
});

test("two-level bits: dense layers", () => {
  const cases = Array.from({ length: IS_DEEP ? 500 : 16 }, (_, i): Case => {
    const channels = new Random(3000 + i).int(1, 300);
    return { seed: 3000 + i, channels, filters: [5, 50, 130, 31][i % 4] as number, kernel: 1, padValue: 0, side: 1 + (i % 3), isDense: true };
  });
  checkAll(cases);
});

test("two-level bits: depths up to those whose lines fit 16 bits, and beyond", () => {
  const depths = [8190, 8191, 8192, 8193, 16382, 16383, 16384, 32765, 32766];
  const cases = depths.flatMap((channels, i) =>
    ([0, 1] as const).map(
      (padValue): Case => ({ seed: 5000 + 2 * i + padValue, channels, filters: 9, kernel: 1, padValue, side: 4, needsPlanes: true }),
    ),
  );
  checkAll(cases);
});
