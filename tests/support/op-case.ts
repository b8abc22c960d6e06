// One op on random inputs: run in every build through its real host code, compared with the oracle and between builds.
import type { Attributes, OpName } from "../../src/graph/attributes.ts";
import { countElements, type Graph, type Node, type Numbers, type Shape } from "../../src/graph/graph.ts";
import type { PrepareContext } from "../../src/ops/op.ts";
import { reshape } from "../../src/ops/reshape.ts";
import { interpret } from "./interpret.ts";
import { BUILDS, type Build, runOp, type Tensor } from "./kernel-runner.ts";
import { findDifference, findInequality } from "./layer-cases.ts";
import type { Random } from "./random.ts";
import { openConstant, type Tensor as RealTensor } from "./tensor.ts";

export interface OpCase<K extends OpName = OpName> {
  op: K;
  attrs: Attributes<Numbers>[K];
  inputs: Tensor[];
  /** Allowed difference from the oracle, relative to the larger of 1 and the value; default 0. */
  tolerance?: number;
  /** Builds add in different orders: compare them with the oracle only. */
  buildsDiffer?: boolean;
  /** Fail unless this kernel runs. */
  kernel?: string;
}

export function drawFloats(random: Random, shape: Shape, low = -2, high = 2): Tensor {
  return { type: "f32", shape, data: random.floats(countElements(shape), low, high) };
}

export function drawBits(random: Random, shape: Shape): Tensor {
  const channels = shape[1] as number;
  return { type: "bits", shape, data: random.words(countElements(shape) / channels, channels) };
}

/** Run a case everywhere; returns what is wrong, one line per build. */
export function findFailures<K extends OpName>(test: OpCase<K>): string[] {
  const node = {
    name: test.op,
    op: test.op,
    attrs: test.attrs,
    inputs: test.inputs.map((_, i) => i),
    outputs: [test.inputs.length],
  } as Node<Numbers>;
  const label = `${test.op} ${JSON.stringify(test.attrs)} of ${test.inputs.map(({ type, shape }) => `${type}[${shape}]`).join(", ")}`;
  const expected = interpretNode(node, test.inputs);
  const slack = (index: number) => (test.tolerance ?? 0) * Math.max(1, Math.abs(expected.data[index] as number));
  const failures: string[] = [];
  let first: Tensor | undefined;
  for (const build of BUILDS) {
    let wrong: string | undefined;
    try {
      const output = runNode(build, node, test.inputs, test.kernel);
      wrong = findDifference(output, expected, slack);
      if (!test.buildsDiffer && first !== undefined) wrong ??= findInequality(output, first);
      first ??= output;
    } catch (error) {
      wrong = String(error);
    }
    if (wrong !== undefined) failures.push(`${build}: ${label}: ${wrong}`);
  }
  return failures;
}

function interpretNode(node: Node<Numbers>, inputs: readonly Tensor[]): RealTensor {
  const values = [...inputs.map(({ type, shape }, i) => ({ name: `input${i}`, type, shape })), { name: "output", type: "f32" as const, shape: [] }];
  const graph: Graph<Numbers> = {
    name: "one op",
    values,
    nodes: [node],
    inputs: inputs.map((_, i) => i),
    outputs: [inputs.length],
    metadata: { labels: [], entries: {} },
  };
  const given = inputs.map(({ type, shape, data }, i) => [`input${i}`, openConstant(type, shape, data)] as const);
  return interpret(graph, Object.fromEntries(given)).get("output") as RealTensor;
}

/** An alias has no kernel: its output is the input's memory with another type. */
function runNode(build: Build, node: Node<Numbers>, inputs: Tensor[], kernel: string | undefined): Tensor {
  if (node.op === "reshape") {
    const output = reshape.infer(node.attrs, inputs);
    const context: PrepareContext = { inputs: inputs as [Tensor], output, kernels: "auto", simd: build === "simd", threads: 1 };
    if (reshape.prepare(node.attrs, context).kernel === "alias") {
      if (kernel !== undefined && kernel !== "alias") throw new Error(`wanted kernel ${kernel}, got an alias`);
      return { ...output, data: inputs[0]?.data } as Tensor;
    }
  }
  return runOp(build, node, inputs, { kernel }).outputs[0] as Tensor;
}
