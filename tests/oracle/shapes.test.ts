// Ops that only move elements, of f32 and of bits, against the oracle in every build: concat, slice, pad, transpose, reshape.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Shape } from "../../src/graph/graph.ts";
import type { Tensor } from "../support/kernel-runner.ts";
import { drawBits, drawFloats, findFailures, type OpCase } from "../support/op-case.ts";
import { Random } from "../support/random.ts";

/** Channel counts on both sides of a word. */
const CHANNELS = [1, 3, 31, 32, 33, 64, 70, 96] as const;

function check(cases: OpCase[]): void {
  assert.deepEqual(cases.flatMap(findFailures), []);
}

function draw(random: Random, shape: Shape): Tensor {
  return random.int(0, 1) === 0 || shape.length < 2 ? drawFloats(random, shape) : drawBits(random, shape);
}

function drawShape(random: Random): number[] {
  const rank = random.pick([1, 2, 2, 3, 4, 4, 4, 5]);
  return Array.from({ length: rank }, (_, axis) => (axis === 1 ? random.pick(CHANNELS) : random.int(1, 4)));
}

function shuffle(random: Random, list: number[]): number[] {
  for (let i = list.length - 1; i > 0; i--) {
    const j = random.int(0, i);
    [list[i], list[j]] = [list[j] as number, list[i] as number];
  }
  return list;
}

test("concat along every axis, 1 to 5 inputs", () => {
  const random = new Random(21);
  check(
    Array.from({ length: 150 }, (): OpCase => {
      const shape = drawShape(random);
      const axis = random.int(0, shape.length - 1);
      const isBits = shape.length > 1 && random.int(0, 1) === 1;
      const inputs = Array.from({ length: random.int(1, 5) }, () => {
        const own = shape.map((dim, i) => (i !== axis ? dim : axis === 1 ? random.pick(CHANNELS) : random.int(1, 4)));
        return isBits ? drawBits(random, own) : drawFloats(random, own);
      });
      return { op: "concat", attrs: { axis }, inputs };
    }),
  );
});

test("concat moves whole words where the seams allow it", () => {
  const random = new Random(22);
  const join = (kernel: string, ...channels: number[]): OpCase => ({
    op: "concat",
    attrs: { axis: 1 },
    inputs: channels.map((count) => drawBits(random, [2, count, 3, 3])),
    kernel,
  });
  check([join("concat_x32", 64, 32, 5), join("concat_b1", 5, 64), join("concat_x32", 5)]);
});

test("slice with steps, of part and of all of each axis", () => {
  const random = new Random(23);
  check(
    Array.from({ length: 200 }, (): OpCase => {
      const shape = drawShape(random);
      const starts = shape.map((dim) => (random.int(0, 2) === 0 ? 0 : random.int(0, dim - 1)));
      const steps = shape.map(() => random.pick([1, 1, 1, 2, 3]));
      const sizes = shape.map((dim, axis) => {
        const [start, step] = [starts[axis] as number, steps[axis] as number];
        return start === 0 && step === 1 && random.int(0, 1) === 0 ? -1 : random.int(1, Math.ceil((dim - start) / step));
      });
      return { op: "slice", attrs: { starts, sizes, steps }, inputs: [draw(random, shape)] };
    }),
  );
});

test("slice of bits moves whole words where it can", () => {
  const random = new Random(24);
  const cut = (kernel: string, start: number, size: number): OpCase => ({
    op: "slice",
    attrs: { starts: [0, start, 1, 0], sizes: [-1, size, 2, 3], steps: [1, 1, 1, 2] },
    inputs: [drawBits(random, [2, 100, 3, 5])],
    kernel,
  });
  check([cut("slice_x32", 32, 32), cut("slice_x32", 64, 36), cut("slice_b1", 32, 36), cut("slice_b1", 1, 32)]);
});

test("pad on every side of every axis", () => {
  const random = new Random(25);
  check(
    Array.from({ length: 150 }, (): OpCase => {
      const shape = drawShape(random);
      const input = draw(random, shape);
      const keepChannels = random.int(0, 1) === 0;
      const extra = () => shape.map((_, axis) => (axis === 1 && keepChannels ? 0 : axis === 1 ? random.pick([0, 1, 32, 37]) : random.int(0, 2)));
      const value = input.type === "bits" ? random.pick([-1, 1]) : random.pick([0, Math.fround(-2.7)]);
      return { op: "pad", attrs: { before: extra(), after: extra(), value }, inputs: [input] };
    }),
  );
});

test("transpose by random permutations", () => {
  const random = new Random(26);
  check(
    Array.from({ length: 150 }, (): OpCase => {
      const shape = drawShape(random);
      const perm = shuffle(
        random,
        shape.map((_, axis) => axis),
      );
      return { op: "transpose", attrs: { perm }, inputs: [draw(random, shape)] };
    }),
  );
});

test("reshape to another factorisation", () => {
  const random = new Random(27);
  const shapes: [Shape, number[]][] = [
    [
      [2, 40, 1, 1],
      [-1, 40],
    ],
    [
      [2, 40],
      [-1, 40, 1, 1],
    ],
    [
      [2, 64, 3, 3],
      [-1, 576],
    ],
    [
      [2, 576],
      [2, 64, 3, 3],
    ],
    [
      [2, 40, 3, 3],
      [-1, 360],
    ],
    [
      [2, 40, 3, 3],
      [2, 40, 9],
    ],
    [
      [2, 6, 4, 5],
      [3, -1, 8],
    ],
    [
      [2, 64],
      [4, 32],
    ],
    [
      [4, 32],
      [2, -1],
    ],
    [
      [4, 33],
      [2, 66],
    ],
    [
      [3, 5, 7],
      [105, 1],
    ],
    [
      [1, 1],
      [1, 1, 1, 1, 1, 1, 1, 1],
    ],
    [
      [2, 3, 2, 2, 2, 1, 1, 2],
      [4, 24],
    ],
  ];
  check(
    shapes.flatMap(([shape, wanted]) =>
      [drawFloats(random, shape), drawBits(random, shape)].map((input): OpCase => ({ op: "reshape", attrs: { shape: wanted }, inputs: [input] })),
    ),
  );
});

test("reshape copies nothing when the bits already lie right", () => {
  const random = new Random(28);
  const reshape = (kernel: string, shape: Shape, wanted: number[]): OpCase => ({
    op: "reshape",
    attrs: { shape: wanted },
    inputs: [drawBits(random, shape)],
    kernel,
  });
  check([
    reshape("alias", [2, 40, 1, 1], [-1, 40]),
    reshape("alias", [2, 40, 3, 5], [2, 40, 15]),
    reshape("alias", [2, 32], [1, 64]),
    reshape("reshape_b1", [2, 40, 3, 5], [-1, 600]),
    reshape("reshape_b1", [2, 33], [1, 66]),
  ]);
});
