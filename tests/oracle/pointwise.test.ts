// Ops that keep the shape, against the oracle in every build: affine, prelu, binarize, unpack, elementwise, softmax, lrn.
import assert from "node:assert/strict";
import { test } from "node:test";
import { countElements, type Shape } from "../../src/graph/graph.ts";
import { drawBits, drawFloats, findFailures, type OpCase } from "../support/op-case.ts";
import { Random } from "../support/random.ts";

/** Planes of 1 to 35 pixels and 1 to 65 channels: both sides of every vector and word. */
const SHAPES: readonly Shape[] = [
  [1, 1],
  [2, 3],
  [3, 33],
  [2, 64],
  [1, 1, 1, 1],
  [2, 5, 1, 3],
  [2, 31, 2, 2],
  [1, 32, 3, 5],
  [2, 33, 4, 4],
  [1, 65, 1, 17],
  [2, 40, 5, 7],
  [1, 3, 19],
  [2, 2, 3, 2, 3],
];

function check(cases: OpCase[]): void {
  assert.deepEqual(cases.flatMap(findFailures), []);
}

test("affine", () => {
  const random = new Random(1);
  check(
    SHAPES.map((shape) => {
      const channels = shape[1] as number;
      return {
        op: "affine",
        attrs: { scale: random.floats(channels), bias: random.floats(channels) },
        inputs: [drawFloats(random, shape)],
        tolerance: 1e-6,
      };
    }),
  );
});

test("prelu with and without shifts", () => {
  const random = new Random(2);
  check(
    SHAPES.flatMap((shape) =>
      [0, 1, 2, 3].map((shifts): OpCase => {
        const channels = shape[1] as number;
        const shiftIn = shifts & 1 ? random.floats(channels) : undefined;
        const shiftOut = shifts & 2 ? random.floats(channels) : undefined;
        return { op: "prelu", attrs: { slope: random.floats(channels), shiftIn, shiftOut }, inputs: [drawFloats(random, shape)], tolerance: 1e-6 };
      }),
    ),
  );
});

test("binarize with and without thresholds and flips; values on the threshold", () => {
  const random = new Random(3);
  check(
    SHAPES.flatMap((shape): OpCase[] => {
      const channels = shape[1] as number;
      // Quarters, so that many values equal their threshold, and both zeros.
      const input = drawFloats(random, shape);
      input.data = input.data.map((v) => Math.round(v * 4) / 4);
      const values = random.floats(channels).map((v) => Math.round(v * 4) / 4);
      const flips = random.words(1, channels);
      return [undefined, { values }, { values, flips }].map((thresholds) => ({ op: "binarize", attrs: { thresholds }, inputs: [input] }));
    }),
  );
});

test("unpack", () => {
  const random = new Random(4);
  check(SHAPES.map((shape) => ({ op: "unpack", attrs: {}, inputs: [drawBits(random, shape)] })));
});

test("functions of one value, on numbers where they are defined", () => {
  const random = new Random(7);
  check(
    SHAPES.flatMap((shape) =>
      (["exp", "log", "sqrt", "erf", "floor"] as const).map((kind): OpCase => {
        const input = drawFloats(random, shape);
        if (kind === "log" || kind === "sqrt") input.data = input.data.map((v) => Math.abs(v) + 0.01);
        return { op: "activation", attrs: { kind, alpha: 0, beta: 0 }, inputs: [input], tolerance: 1e-6 };
      }),
    ),
  );
});

test("elementwise on equal shapes and every kind of broadcasting", () => {
  const random = new Random(5);
  const pairs: [Shape, Shape][] = [
    [
      [2, 3, 5, 7],
      [2, 3, 5, 7],
    ],
    [
      [2, 3, 5, 7],
      [2, 3, 1, 1],
    ],
    [
      [2, 3, 5, 7],
      [1, 3, 1, 1],
    ],
    [[2, 3, 5, 7], [1]],
    [[2, 3, 5, 7], []],
    [[], [2, 9]],
    [[], []],
    [[1, 1], [1]],
    [[2, 3, 5, 7], [7]],
    [
      [2, 3, 5, 7],
      [5, 1],
    ],
    [
      [3, 1, 1],
      [2, 3, 5, 7],
    ],
    [
      [2, 1, 5, 1],
      [1, 3, 1, 7],
    ],
    [
      [2, 3, 1, 7],
      [2, 1, 5, 1],
    ],
    [[4, 17], [17]],
    [
      [4, 17],
      [4, 1],
    ],
    [
      [2, 1, 3, 1, 2, 1, 3, 5],
      [1, 2, 1, 2, 1, 2, 1, 1],
    ],
  ];
  check(
    pairs.flatMap(([a, b]) =>
      (["add", "mul", "max", "div", "pow"] as const).map((kind): OpCase => {
        const positive = (shape: Shape) => ({
          ...drawFloats(random, shape),
          data: random.floats(countElements(shape)).map((v) => Math.abs(v) + 0.1),
        });
        const inputs = kind === "pow" || kind === "div" ? [positive(a), positive(b)] : [drawFloats(random, a), drawFloats(random, b)];
        return { op: "elementwise", attrs: { kind }, inputs, tolerance: kind === "pow" ? 1e-5 : 1e-6 };
      }),
    ),
  );
});

test("softmax and log-softmax along every axis, with large values", () => {
  const random = new Random(6);
  check(
    [[7], [2, 10], [1, 1], [2, 3, 4, 5]].flatMap((shape) =>
      shape.flatMap((_, axis) =>
        [false, true].flatMap((log) =>
          [2, 300].map(
            (reach): OpCase => ({ op: "softmax", attrs: { axis, log }, inputs: [drawFloats(random, shape, -reach, reach)], tolerance: 1e-5 }),
          ),
        ),
      ),
    ),
  );
});

test("lrn with even and odd sizes, wider than the channels, and every kind of power", () => {
  const random = new Random(7);
  check(
    [1, 2, 3, 4, 5, 9].flatMap((size) =>
      [0.75, 0.5, 1, 1.3].map(
        (beta): OpCase => ({
          op: "lrn",
          attrs: { size, alpha: 0.7, beta, bias: 1.5 },
          inputs: [drawFloats(random, [2, 6, 3, 3])],
          tolerance: 1e-5,
        }),
      ),
    ),
  );
});
