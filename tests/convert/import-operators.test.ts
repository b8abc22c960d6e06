// Every ONNX operator that can be imported, one or more small models each: which ops it becomes, of what shape,
// and what they compute (by the oracle) against the operator's formula.
import assert from "node:assert/strict";
import { test } from "node:test";
import { OPERATORS } from "../../src/import/onnx/ops/table.ts";
import { checkCase, type OperatorCase } from "../support/import-cases.ts";
import { ARITHMETIC_CASES } from "./import-operators/arithmetic.ts";
import { COMPOSED_CASES } from "./import-operators/composed.ts";
import { LAYER_CASES } from "./import-operators/layers.ts";
import { LAYOUT_CASES } from "./import-operators/layout.ts";
import { SIGN_CASES } from "./import-operators/signs.ts";
import { SPELLINGS } from "./import-operators/spellings.ts";

const CASES: readonly OperatorCase[] = [...LAYER_CASES, ...ARITHMETIC_CASES, ...LAYOUT_CASES, ...SIGN_CASES, ...COMPOSED_CASES];

test("every operator becomes the ops that compute it", () => {
  const wrong = CASES.flatMap((item, index) => {
    const found = check(item, index + 1);
    return found === undefined ? [] : [`${item.op} ${item.label ?? ""}: ${found}`];
  });
  assert.deepEqual(wrong, []);
});

test("every operator of the table has a case", () => {
  // Of comparisons, so they take three nodes: import-signs.test.ts.
  const ofTruth = ["And", "Or", "Xor"];
  const spelled = SPELLINGS.flatMap(({ nodes }) => nodes.map((node) => node.op));
  const covered = new Set([...CASES.map((item) => item.op), ...spelled, ...ofTruth]);
  assert.deepEqual(
    Object.keys(OPERATORS).filter((op) => !covered.has(op)),
    [],
  );
});

function check(item: OperatorCase, seed: number): string | undefined {
  try {
    return checkCase(item, seed);
  } catch (error) {
    return String(error);
  }
}
