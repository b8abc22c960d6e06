// Every dense kernel against the oracle, in every build. HYBIT_DEEP=1 walks further.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { NodeOf, Numbers } from "../../src/graph/graph.ts";
import { KERNELS } from "../../src/kernels/table.ts";
import { dense } from "../support/interpret-layers.ts";
import { BUILDS, type Outcome, runOp, type Tensor } from "../support/kernel-runner.ts";
import {
  ALL_STAGES,
  addsResidual,
  drawInput,
  drawLayer,
  findDifference,
  findInequality,
  LAYER_KINDS,
  type LayerKind,
  nearnessOf,
  simdSizes,
} from "../support/layer-cases.ts";
import { Random } from "../support/random.ts";
import { openConstant } from "../support/tensor.ts";

const IS_DEEP = process.env.HYBIT_DEEP === "1";

interface Case {
  kind: LayerKind;
  seed: number;
  rows: number;
  inFeatures: number;
  outFeatures: number;
}

const covered = new Set<string>();

/** Run one case everywhere; returns what went wrong. */
function check(c: Case): string[] {
  const problems: string[] = [];
  const random = new Random(c.seed);
  const { kind, rows, inFeatures, outFeatures } = c;
  const attrs = { ...drawLayer(random, kind, outFeatures, 1, inFeatures), inFeatures, outFeatures };
  const inputs = [drawInput(random, kind, [rows, inFeatures])];
  if (addsResidual(kind)) inputs.push(drawInput(random, { ...kind, inputKind: "float" }, [rows, outFeatures]));
  const node: NodeOf<"dense", Numbers> = { name: "fc", op: "dense", attrs, inputs: inputs.map((_, i) => i), outputs: [inputs.length] };
  const near = new Set<number>();
  let compared = 0;
  const operands = inputs.map(({ type, shape, data }) => openConstant(type, shape, data));
  const expected = dense(attrs, operands, (value, threshold) => {
    if (kind.numbers === "real" && Math.abs(value - threshold) < nearnessOf(kind, false)) near.add(compared);
    compared++;
  });
  const slack = (index: number) => (kind.numbers === "whole" ? 0 : near.has(index) ? 2 : 1e-4 * (1 + Math.sqrt(inFeatures)));
  let first: Outcome | undefined;
  for (const build of BUILDS) {
    for (const kernels of ["auto", "reference"] as const) {
      try {
        const outcome = runOp(build, node, inputs, { kernels });
        for (const called of outcome.called) covered.add(called);
        const output = outcome.outputs[0] as Tensor;
        const isInteger = kind.inputKind !== "float" && kind.weightKind !== "float";
        first ??= outcome;
        const problem = findDifference(output, expected, slack) ?? (isInteger ? findInequality(output, first.outputs[0] as Tensor) : undefined);
        if (problem !== undefined) problems.push(`${build} ${outcome.kernel}: ${problem}`);
      } catch (error) {
        problems.push(`${build} ${kernels}: ${error instanceof Error ? error.message : error}`);
      }
    }
  }
  const parted = runOp("simd", node, inputs, { parts: 3 });
  const problem = findInequality(parted.outputs[0] as Tensor, first?.outputs[0] as Tensor);
  if (problem !== undefined) problems.push(`${parted.kernel} in three parts: ${problem}`);
  return problems.map((problem) => `${problem}\n    ${JSON.stringify(c)}`);
}

function checkAll(cases: readonly Case[]): void {
  const problems = cases.flatMap(check);
  const shown = problems.slice(0, 12).join("\n  ");
  assert.equal(problems.length, 0, `${problems.length} failures in ${cases.length} cases:\n  ${shown}`);
}

for (const kind of LAYER_KINDS) {
  const title = `dense ${kind.inputKind} x ${kind.weightKind} to ${kind.hasThresholds ? "bits" : "f32"}`;
  test(`${title}: each dimension at the sizes where vector code breaks`, () => {
    const cases: Case[] = [];
    let seed = 1;
    const add = (changes: Partial<Case>) => cases.push({ kind, rows: 1, inFeatures: 40, outFeatures: 9, ...changes, seed: seed++ });
    for (const inFeatures of simdSizes(IS_DEEP ? 5000 : 1100)) for (const rows of [1, 3]) add({ inFeatures, rows });
    for (const outFeatures of simdSizes(IS_DEEP ? 300 : 100)) for (const rows of [1, 2]) add({ outFeatures, rows });
    for (const rows of simdSizes(IS_DEEP ? 130 : 70)) add({ rows });
    for (const inFeatures of simdSizes(IS_DEEP ? 5000 : 800)) for (const rows of [1, 2]) add({ inFeatures, rows, outFeatures: 50 });
    for (const outFeatures of [48, 127, 128, 129, 160, 255, 260, 385]) for (const rows of [1, 3, 17]) add({ outFeatures, rows, inFeatures: 70 });
    checkAll(cases);
  });

  test(`${title}: every epilogue`, () => {
    const cases = ALL_STAGES.flatMap((stages, i) =>
      [1, 3, 5].map((rows) => ({ kind: { ...kind, stages }, seed: 3000 + i, rows, inFeatures: 40 + i, outFeatures: 1 + ((7 * i) % 150) })),
    );
    checkAll(cases);
    checkAll(cases.filter((_, i) => i % 3 === 0).map((c) => ({ ...c, kind: { ...c.kind, numbers: "real" as const } })));
  });

  test(`${title}: random layers of real numbers`, () => {
    const cases = Array.from({ length: IS_DEEP ? 400 : 20 }, (_, i) => {
      const random = new Random(7000 + i);
      const sizes = { rows: random.int(1, 9), inFeatures: random.int(1, 300), outFeatures: random.int(1, 70) };
      return { kind: { ...kind, numbers: "real" as const }, seed: 7000 + i, ...sizes };
    });
    checkAll(cases);
  });
}

test("dense: rows are all dimensions but the last", () => {
  const random = new Random(3);
  const kind: LayerKind = { inputKind: "float", weightKind: "float", hasThresholds: false, numbers: "whole" };
  const attrs = { ...drawLayer(random, kind, 5, 1, 7), inFeatures: 7, outFeatures: 5 };
  const input = drawInput(random, kind, [2, 3, 7]);
  const outcome = runOp("simd", { name: "fc", op: "dense", attrs, inputs: [0], outputs: [1] }, [input]);
  const expected = dense(attrs, [openConstant("f32", input.shape, input.data)], () => {});
  assert.deepEqual(outcome.outputs[0]?.shape, [2, 3, 5]);
  assert.equal(findDifference(outcome.outputs[0] as Tensor, expected), undefined);
});

test("dense: every kernel of the table was run", () => {
  const missing = KERNELS.filter(({ op, name }) => op === "dense" && !covered.has(name)).map(({ name }) => name);
  assert.deepEqual(missing, []);
});
