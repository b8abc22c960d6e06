// ONNX file in, faithful graph out: real weights, real arithmetic; only the spellings of sign become binarize
// nodes. What is binary, folded or fused after that is decided elsewhere (src/binarize).
import { LoadError, PlanError } from "../../graph/errors.ts";
import type { Graph, Numbers } from "../../graph/graph.ts";
import { Context, type Note } from "./context.ts";
import { Draft } from "./draft.ts";
import { refusedBy, reportFailures } from "./failures.ts";
import { finish } from "./finish.ts";
import { canFold, fold } from "./fold/fold.ts";
import { OnnxNode } from "./node.ts";
import { type Operand, toOperand } from "./operand.ts";
import { findOperator } from "./ops/table.ts";
import type { ImportOptions } from "./options.ts";
import { isFloat } from "./tensor.ts";
import { decodeModel, type GraphProto, type ModelProto, type NodeProto } from "./wire/model.ts";
import { dataTypeOf, type ExternalFiles, isBeside, MAX_RANK, readTensor } from "./wire/tensor.ts";

/** A graph as read from a file. */
export interface Imported {
  graph: Graph<Numbers>;
  /** What a person should know, by node. */
  notes: Note[];
}

const OLDEST_OPSET = 7;
/** Of Ifs in each other; arbitrary. */
const MOST_NESTED = 8;
/** The newest one whose operators were checked, with the node cases of ONNX 1.22. */
const NEWEST_OPSET = 25;

/** Read an ONNX model; throws LoadError. The graph shares no memory with `bytes`. */
export function importOnnx(bytes: Uint8Array, options: ImportOptions = {}): Imported {
  return importModel(decodeModel(bytes), options);
}

/** The same of a decoded model. */
export function importModel(model: ModelProto, options: ImportOptions): Imported {
  const context = new Context(new Draft(), options.signZero ?? "plus");
  const opset = model.opsets.get("") ?? 0;
  if (opset > NEWEST_OPSET) context.note("", `the model asks for ONNX opset ${opset}; it was read as of opset ${NEWEST_OPSET}`);
  bindInitializers(model.graph, context, options.files);
  const inputs = bindInputs(model.graph, context);
  const nodes: OnnxNode[] = [];
  const failures = new Map<OnnxNode, LoadError>();
  const visit = (proto: NodeProto, depth: number): void => {
    const node = new OnnxNode(proto, opsetOf(model, proto));
    const branch = findBranch(node, context, depth);
    if (branch !== undefined) {
      bindInitializers(branch, context, options.files);
      for (const inner of branch.nodes) visit(inner, depth + 1);
      branch.outputs.forEach(({ name }, i) => {
        const output = node.outputs[i];
        if (output) visit({ ...proto, op: "Identity", inputs: [name], outputs: [output], attributes: new Map() }, depth);
      });
      return;
    }
    nodes.push(node);
    bindOutputs(node, context, translate(node, context, failures));
    if (WHOLE.includes(node.op) || KEEPS_WHOLE.includes(node.op)) markIntegers(node, context);
  };
  for (const proto of model.graph.nodes) visit(proto, 0);
  reportFailures(model.graph, nodes, context, failures);
  return finish(model, context, inputs);
}

/** List the files that hold a model's numbers, by the locations it gives. Throws LoadError for one that is not beside the model. */
export function listExternalFiles(bytes: Uint8Array): string[] {
  const locations = decodeModel(bytes).graph.initializers.flatMap(({ external }) => (external ? [external.location] : []));
  const outside = locations.find((location) => !isBeside(location));
  if (outside !== undefined)
    throw new LoadError("invalid", `numbers are kept in "${outside}", which is not beside the model; export the model again`);
  return [...new Set(locations)];
}

/** The branch of an If whose condition is known: its nodes take the If's place. Torch writes such around Squeeze. */
function findBranch(node: OnnxNode, context: Context, depth: number): GraphProto | undefined {
  if (node.op !== "If" || node.domain !== "") return undefined;
  const isTrue = context.findConstant(node, 0)?.data[0];
  if (isTrue === undefined || Number.isNaN(isTrue)) return undefined;
  if (depth >= MOST_NESTED) throw node.invalid(`is nested more than ${MOST_NESTED} deep`);
  const branch = node.graph(isTrue ? "then_branch" : "else_branch");
  if (branch === undefined) throw node.invalid("has no graph for its condition");
  return branch;
}

function opsetOf(model: ModelProto, proto: NodeProto): number {
  const version = model.opsets.get(proto.domain) ?? (proto.domain === "" ? 1 : 0);
  if (proto.domain === "" && version < OLDEST_OPSET) {
    throw new LoadError(
      "unsupported",
      `the model asks for ONNX opset ${version}, the oldest that is read is ${OLDEST_OPSET}; export it with a newer opset_version`,
    );
  }
  return version;
}

function bindInitializers({ initializers }: GraphProto, context: Context, files: ExternalFiles | undefined): void {
  for (const proto of initializers) {
    if (context.operands.has(proto.name)) throw new LoadError("invalid", `two initializers are named "${proto.name}"; export the model again`);
    context.bindInitializer(proto.name, readTensor(proto, `initializer "${proto.name}"`, files));
  }
}

/** Inputs of the model; before IR version 4 the list repeats the initializers. */
function bindInputs({ inputs }: GraphProto, context: Context): number[] {
  const bound: number[] = [];
  for (const { name, shape, dataType } of inputs) {
    if (context.operands.has(name)) continue;
    const type = dataTypeOf(dataType);
    if (type === undefined) {
      throw new LoadError("unsupported", `input "${name}" has ONNX data type ${dataType}; numbers of up to 64 bits and bool can be given`);
    }
    if (!isFloat(type))
      context.note("", `input "${name}" is ${type}; it is given as floats, which are exact up to 16,777,216, and nothing wraps around`);
    if (shape === undefined || shape.slice(1).some((dim) => dim < 1)) {
      const found = shape === undefined ? "of unknown rank" : `[${shape.map((dim) => (dim < 0 ? "?" : dim))}]`;
      throw new LoadError(
        "unsupported",
        `input "${name}" is ${found}; only the first dimension (the batch) may be open, export with fixed sizes for the others`,
      );
    }
    const index = context.draft.addValue(name, shape);
    context.operands.set(name, { kind: "value", index });
    if (!isFloat(type)) context.draft.wholes.add(index);
    bound.push(index);
  }
  return bound;
}

/** Operators that always make whole numbers of an integer type, and those that do when their first input is such. */
const WHOLE = ["ConvInteger", "MatMulInteger", "QuantizeLinear", "QLinearConv", "QLinearMatMul"];
const KEEPS_WHOLE = [
  ..."Abs Add Clip Concat Div Expand Flatten Gather GatherElements Identity Max MaxPool Min Mul Neg Pad Pow".split(" "),
  ..."ReduceMax ReduceMin ReduceSum Relu Reshape Sign Slice Split Squeeze Sub Sum Transpose Unsqueeze Where".split(" "),
];

/** Remember which outputs are of an integer type: division of such is another. */
function markIntegers(node: OnnxNode, context: Context): void {
  const from = node.op === "Where" ? 1 : 0;
  if (!WHOLE.includes(node.op) && !context.isInteger(node, from)) return;
  for (const name of node.outputs) {
    const operand = context.operands.get(name);
    if (operand?.kind === "value") context.draft.wholes.add(operand.index);
  }
}

const MISSING: Operand = { kind: "missing" };

function translate(node: OnnxNode, context: Context, failures: Map<OnnxNode, LoadError>): readonly Operand[] {
  try {
    const operator = findOperator(node);
    const folded = fold(node, context);
    if (folded !== undefined) return folded;
    const isBlocked = node.inputs.some((name) => context.operands.get(name)?.kind === "missing");
    if (isBlocked && (operator !== undefined || canFold(node))) return [MISSING];
    if (operator === undefined) throw notSupported(node);
    const made = operator(node, context);
    return (Array.isArray(made) ? made : [made]).map(toOperand);
  } catch (error) {
    const failure = error instanceof PlanError ? refusedBy(error, `${node.op} (opset ${node.opset})`) : error;
    if (!(failure instanceof LoadError) || failure.code !== "unsupported") throw failure;
    failures.set(node, failure);
    return [MISSING];
  }
}

function notSupported(node: OnnxNode): LoadError {
  if (node.op === "If")
    return node.unsupported("chooses by what is computed from the model's inputs", "export with a fixed batch, or without the choice");
  if (canFold(node)) return node.unsupported("is supported on constants only", "compute it before exporting, or write it with other operators");
  return node.unsupported(`is not supported${node.domain && ` (domain ${node.domain})`}`, "replace it before exporting, or ask for it");
}

function bindOutputs(node: OnnxNode, context: Context, made: readonly Operand[]): void {
  node.outputs.forEach((name, i) => {
    if (name === "") return;
    if (context.operands.has(name)) throw node.invalid(`makes "${name}", which exists already`);
    const operand = made[i] ?? MISSING;
    if (rankOf(operand, context) > MAX_RANK) throw node.invalid(`makes a value with more than ${MAX_RANK} dimensions`);
    context.operands.set(name, operand);
    if (operand.kind === "value") context.draft.nameValue(operand.index, name);
  });
}

function rankOf(operand: Operand, context: Context): number {
  if (operand.kind === "constant") return operand.tensor.shape.length;
  return operand.kind === "value" ? context.shape(operand.index).length : 0;
}
