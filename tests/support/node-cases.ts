// The ONNX backend's node cases, from ../shared/data: read, run in Hybit, and compared at the suite's own tolerances. A case whose operator
// does not take something from the model's inputs is tried again with that baked into the file, as exporters do with weights.
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hybridize, importOnnx, writeModel } from "../../src/convert.ts";
import { LoadError, PlanError, RunError } from "../../src/graph/errors.ts";
import type { Tensor } from "../../src/import/onnx/tensor.ts";
import { Fields } from "../../src/import/onnx/wire/fields.ts";
import { decodeModel, type NodeProto } from "../../src/import/onnx/wire/model.ts";
import { dataTypeOf, decodeTensor, readTensor } from "../../src/import/onnx/wire/tensor.ts";
import { loadModel } from "../../src/index.ts";
import { varint } from "./onnx-builder.ts";

const ARCHIVE = "../shared/data/onnx/node-cases.tar.gz";

export const missingCases = existsSync(ARCHIVE) ? undefined : `${ARCHIVE} is not on this machine`;

/** runs: all inputs are the model's. baked: all but the first are constants of the file. folds: all are. */
export type Outcome = { kind: "runs" | "baked" | "folds" } | { kind: "refused" | "wrong"; message: string };

export interface NodeCase {
  name: string;
  op: string;
  opset: number;
  /** All inputs and outputs are float32, int8, uint8, int32, int64 or bool. */
  isUsual: boolean;
  outcome: Outcome;
}

const USUAL: readonly string[] = ["float", "int8", "uint8", "int32", "int64", "bool"];

/** Of onnx.backend.test. */
const [RELATIVE, ABSOLUTE] = [1e-3, 1e-7];

interface Feed {
  name: string;
  /** The TensorProto as it is stored. */
  bytes: Uint8Array;
  tensor: Tensor | undefined;
}

/** Run all cases. */
export async function runNodeCases(): Promise<NodeCase[]> {
  const folder = mkdtempSync(join(tmpdir(), "hybit-cases-"));
  try {
    execFileSync("tar", ["xzf", ARCHIVE, "-C", folder]);
    const cases: NodeCase[] = [];
    for (const name of readdirSync(folder).sort()) cases.push(await runCase(name, join(folder, name)));
    return cases;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runCase(name: string, folder: string): Promise<NodeCase> {
  const file = readFileSync(join(folder, "model.onnx"));
  const { graph, opsets } = decodeModel(file);
  const node = graph.nodes.at(-1) as NodeProto;
  const inputs = readFeeds(folder, "input", graph.inputs);
  const outputs = readFeeds(folder, "output", graph.outputs);
  const types = [...graph.inputs, ...graph.outputs].map(({ dataType }) => dataType);
  const isUsual = types.every((type) => USUAL.includes(dataTypeOf(type) ?? "none"));
  let refused: Outcome = { kind: "refused", message: "" };
  for (const [kind, first] of [
    ["runs", inputs.length],
    ["baked", 1],
    ["folds", 0],
  ] as const) {
    if (first > inputs.length || (kind === "baked" && inputs.length < 2)) continue;
    try {
      const wrong = await compare(bake(file, inputs.slice(first)), inputs.slice(0, first), outputs);
      const outcome: Outcome = wrong === undefined ? { kind } : { kind: "wrong", message: wrong };
      return { name, op: node.op, opset: opsets.get("") ?? 0, isUsual, outcome };
    } catch (error) {
      if (!(error instanceof LoadError || error instanceof PlanError || error instanceof RunError))
        throw new Error(`${name}: ${error}`, { cause: error });
      if (refused.message === "") refused = { kind: "refused", message: error.message };
    }
  }
  return { name, op: node.op, opset: opsets.get("") ?? 0, isUsual, outcome: refused };
}

function readFeeds(folder: string, what: string, values: readonly { name: string; dataType: number }[]): Feed[] {
  return values.flatMap(({ name, dataType }, index) => {
    const path = join(folder, "test_data_set_0", `${what}_${index}.pb`);
    if (!existsSync(path)) return [];
    const bytes = readFileSync(path);
    const isTensor = dataTypeOf(dataType) !== undefined;
    return [{ name, bytes, tensor: isTensor ? readTensor(decodeTensor(new Fields(bytes, path)), path) : undefined }];
  });
}

/** Add tensors to a model as initializers. */
function bake(file: Uint8Array, feeds: readonly Feed[]): Uint8Array {
  const parts: Uint8Array[] = [];
  const fields = new Fields(file, "the model");
  for (let start = 0; fields.next(); start = fields.at) {
    if (fields.field === 1 || fields.field === 5) fields.int();
    else if (fields.field === 7) {
      const graph = fields.data();
      const initializers = feeds.map(({ name, bytes }) => delimit(5, Buffer.concat([bytes, delimit(8, Buffer.from(name))])));
      parts.push(delimit(7, Buffer.concat([graph, ...initializers])));
      continue;
    } else fields.data();
    parts.push(file.subarray(start, fields.at));
  }
  return Buffer.concat(parts);
}

/** A length-delimited field. */
function delimit(number: number, bytes: Uint8Array): Uint8Array {
  return Buffer.concat([Uint8Array.from([...varint((number << 3) | 2), ...varint(bytes.length)]), bytes]);
}

/** Run a model; says what is wrong with its outputs. */
async function compare(file: Uint8Array, inputs: readonly Feed[], outputs: readonly Feed[]): Promise<string | undefined> {
  const { graph } = importOnnx(file);
  const model = await loadModel(writeModel(hybridize(graph).graph), { checkFinite: false });
  const found = model.run(Object.fromEntries(inputs.map(({ name, tensor }) => [name, Float32Array.from(tensor?.data ?? [])])));
  for (const { name, tensor } of outputs) {
    const values = found[name];
    if (tensor === undefined || values === undefined) throw new LoadError("unsupported", `output "${name}" is of a type that Hybit does not have`);
    if (values.length !== tensor.data.length) return `output "${name}" has ${values.length} elements, and ${tensor.data.length} are right`;
    const at = values.findIndex((value, i) => !isNear(value, tensor.data[i] as number));
    if (at >= 0) return `output "${name}"[${at}] is ${values[at]}, and ${tensor.data[at]} is right`;
  }
  return undefined;
}

function isNear(value: number, right: number): boolean {
  if (Object.is(value, right) || value === right) return true;
  return Math.abs(value - right) <= ABSOLUTE + RELATIVE * Math.abs(right);
}

const HEAD = `# ONNX operators

What becomes of the node cases of the ONNX backend suite (onnx 1.22, the 478 of operators that nets for pictures and keywords use): each is imported, converted,
run, and compared at the suite's tolerance, 1e-3 relative and 1e-7 absolute. Written by \`HYBIT_WRITE_DOCS=1 node scripts/test.mjs --only node-cases\`, and checked by
the tests where the cases are.

- *all inputs*: passes with every input of the node an input of the model.
- *baked*: passes with all but the first in the file, as exporters write weights, scales, axes and sizes.
- *refused*: not imported, with the operator's name and the reason. None gives a wrong result.

Values are float32 inside: whole numbers are exact up to 16,777,216 and nothing wraps around.
`;

/** The page docs/onnx-operators.md. */
export function layOutPage(cases: readonly NodeCase[]): string {
  const usual = cases.filter(({ isUsual }) => isUsual);
  const others = cases.filter(({ isUsual }) => !isUsual);
  const share = (100 * countPassed(usual)) / usual.length;
  return [
    HEAD,
    `Of ${usual.length} cases whose tensors are float32, int8, uint8, int32, int64 or bool, ${countPassed(usual)} pass: ${share.toFixed(1)} %. Of the other ${others.length}`,
    `(float64, float16 and types with no numbers here) ${countPassed(others)} do.\n`,
    "| operator | cases | all inputs | baked | refused |",
    "| --- | ---: | ---: | ---: | --- |",
    ...layOutRows(usual),
    "\n## Other types\n",
    "| operator | cases | all inputs | baked | refused |",
    "| --- | ---: | ---: | ---: | --- |",
    ...layOutRows(others),
    "",
  ].join("\n");
}

export function countPassed(cases: readonly NodeCase[]): number {
  return cases.filter(({ outcome: { kind } }) => kind !== "refused" && kind !== "wrong").length;
}

function layOutRows(cases: readonly NodeCase[]): string[] {
  const operators = [...new Set(cases.map(({ op }) => op))].sort();
  return operators.map((op) => {
    const own = cases.filter((each) => each.op === op);
    const count = (...kinds: string[]) => own.filter(({ outcome }) => kinds.includes(outcome.kind)).length;
    const reasons = [...new Set(own.flatMap(({ outcome }) => (outcome.kind === "refused" ? [shorten(outcome.message)] : [])))];
    const refused = count("refused");
    return `| ${op} | ${own.length} | ${count("runs")} | ${count("baked", "folds")} | ${refused === 0 ? "" : `${refused}: ${reasons.join("; ")}`} |`;
  });
}

/** The first half of a message, without the place. */
function shorten(message: string): string {
  return (message.replace(/^in node "[^"]*": /, "").split("; ")[0] ?? "").replaceAll("|", "\\|");
}
