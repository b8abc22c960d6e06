// Windowed and global pools against the oracle in every build.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Window } from "../../src/graph/attributes.ts";
import { runOp } from "../support/kernel-runner.ts";
import { drawBits, drawFloats, findFailures, type OpCase } from "../support/op-case.ts";
import { Random } from "../support/random.ts";
import { windowOf } from "../support/window.ts";

/** Window that the ops accept: padding smaller than the span, dilation no larger than the input. */
function drawWindow(random: Random, height: number, width: number): Window {
  const side = (length: number) => {
    const kernel = random.int(1, Math.min(4, length));
    const dilation = random.int(1, Math.min(3, length));
    const span = dilation * (kernel - 1) + 1;
    const before = random.int(0, span - 1);
    const after = random.int(Math.max(0, Math.min(span - 1, span - length - before)), span - 1);
    return { kernel, dilation, before, after, stride: random.int(1, 4), fits: length + before + after >= span };
  };
  const [y, x] = [side(height), side(width)];
  if (!y.fits || !x.fits) return drawWindow(random, height, width);
  return windowOf(y, x);
}

function check(cases: OpCase[]): void {
  assert.deepEqual(cases.flatMap(findFailures), []);
}

function drawCases(
  seed: number,
  count: number,
  make: (random: Random, window: Window, height: number, width: number) => OpCase,
  maxWidth = 23,
): OpCase[] {
  const random = new Random(seed);
  return Array.from({ length: count }, () => {
    const [height, width] = [random.int(1, 9), random.int(1, maxWidth)];
    return make(random, drawWindow(random, height, width), height, width);
  });
}

test("maxpool of f32", () => {
  check(
    drawCases(11, 200, (random, window, height, width) => ({
      op: "maxpool",
      attrs: { window, ceilMode: random.pick([true, false]) },
      inputs: [drawFloats(random, [2, 3, height, width])],
    })),
  );
});

test("maxpool of zeros: builds agree which of +0 and -0 wins", () => {
  const random = new Random(17);
  for (let i = 0; i < 60; i++) {
    const [height, width] = [random.int(1, 9), random.int(1, 23)];
    const attrs = { window: drawWindow(random, height, width), ceilMode: false };
    const input = { type: "f32" as const, shape: [1, 2, height, width], data: new Float32Array(2 * height * width).map(() => random.pick([0, -0])) };
    const node = { name: "pool", op: "maxpool" as const, attrs, inputs: [0], outputs: [1] };
    const [simd, scalar] = (["simd", "scalar"] as const).map((build) => runOp(build, node, [input]).outputs[0]?.data);
    assert.deepEqual(simd, scalar); // tells +0 and -0 apart
  }
});

test("maxpool of bits, with and without a minimum mask", () => {
  const make = (random: Random, window: Window, height: number, width: number): OpCase => {
    const channels = random.pick([1, 5, 31, 32, 33, 64, 100, 128, 129, 160, 256]);
    const minMask = random.pick([undefined, random.words(1, channels)]);
    return {
      op: "maxpool",
      attrs: { window, ceilMode: random.pick([true, false]), minMask },
      inputs: [drawBits(random, [2, channels, height, width])],
    };
  };
  check(drawCases(12, 60, make, 6));
});

test("avgpool, counting padding or not", () => {
  check(
    drawCases(13, 300, (random, window, height, width) => ({
      op: "avgpool",
      attrs: { window, ceilMode: random.pick([true, false]), countIncludePad: random.pick([true, false]) },
      inputs: [drawFloats(random, [2, 2, height, width])],
      tolerance: 1e-6,
    })),
  );
});

test("common pools: 2x2 and 3x3, stride 1 and 2, on rows of every length", () => {
  const random = new Random(14);
  const cases = Array.from({ length: 21 }, (_, i) => i + 3).flatMap((width) =>
    [2, 3].flatMap((kernel) =>
      [1, 2, 3].flatMap((stride): OpCase[] => {
        const padded = kernel === 3 ? 1 : 0;
        const pads = { padTop: padded, padLeft: padded, padBottom: padded, padRight: padded };
        const window = { kernelH: kernel, kernelW: kernel, strideH: stride, strideW: stride, dilationH: 1, dilationW: 1, ...pads };
        const inputs = [drawFloats(random, [1, 2, 5, width])];
        return [
          { op: "maxpool", attrs: { window, ceilMode: false }, inputs },
          ...[false, true].map(
            (ceilMode): OpCase => ({ op: "avgpool", attrs: { window, ceilMode, countIncludePad: false }, inputs, tolerance: 1e-6 }),
          ),
        ];
      }),
    ),
  );
  check(cases);
});

test("globalpool, average and maximum", () => {
  const random = new Random(15);
  const shapes = [
    [1, 1, 1, 1],
    [2, 3, 1, 3],
    [2, 5, 4, 4],
    [1, 2, 7, 7],
    [3, 2, 19],
    [1, 2, 33, 31],
    [1, 2, 2, 3, 4],
  ];
  check(
    shapes.flatMap((shape) =>
      (["average", "max"] as const).map(
        (kind): OpCase => ({
          op: "globalpool",
          attrs: { kind },
          inputs: [drawFloats(random, shape)],
          tolerance: kind === "max" ? 0 : 1e-6,
          buildsDiffer: kind === "average",
        }),
      ),
    ),
  );
});

test("xnorscale", () => {
  check(
    drawCases(16, 100, (random, window, height, width) => ({
      op: "xnorscale",
      attrs: { window },
      inputs: [drawFloats(random, [2, random.int(1, 7), height, width])],
      tolerance: 1e-6,
    })),
  );
});
