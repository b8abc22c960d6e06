// The contract of an importer of one ONNX operator.
import type { Context } from "../context.ts";
import type { OnnxNode } from "../node.ts";
import type { Translation } from "../operand.ts";

/** Read the node's operands and attributes, add nodes to the draft, return what its outputs stand for. */
export type Operator = (node: OnnxNode, context: Context) => Translation;
