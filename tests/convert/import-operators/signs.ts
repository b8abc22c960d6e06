// Operators that stand for a sign on their own; the spellings made of several are in import-signs.test.ts.
import { type OperatorCase, pick } from "../../support/import-cases.ts";

const size = [2, 3, 5, 4];

export const SIGN_CASES: readonly OperatorCase[] = [
  { op: "Sign", ops: ["binarize"], yields: size, y: (x, at, shape) => (pick(x, shape, at) >= 0 ? 1 : -1) },
  ...["qonnx.custom_op.general", "onnx.brevitas", "finn.custom_op.general"].map(
    (domain): OperatorCase => ({
      op: "BipolarQuant",
      label: domain,
      domain,
      inputs: ["x", { dims: [], values: [0.5] }],
      ops: ["binarize", "affine"],
      yields: size,
      y: (x, at, shape) => (pick(x, shape, at) >= 0 ? 0.5 : -0.5),
    }),
  ),
];
