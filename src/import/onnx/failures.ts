// What could not be imported, told at once: every node whose result the model's outputs need.
import { LoadError, type PlanError } from "../../graph/errors.ts";
import type { Context } from "./context.ts";
import type { OnnxNode } from "./node.ts";
import type { GraphProto } from "./wire/model.ts";

/** How many nodes the message lists. */
const LISTED = 20;

/** Throw if an output depends on a node in `failures`; one error for all of them. */
export function reportFailures(
  { outputs }: GraphProto,
  nodes: readonly OnnxNode[],
  context: Context,
  failures: ReadonlyMap<OnnxNode, LoadError>,
): void {
  const missing = outputs.filter(({ name }) => context.operands.get(name)?.kind === "missing");
  if (missing.length === 0) return;
  const found = reach(
    nodes,
    missing.map(({ name }) => name),
  ).flatMap((node) => failures.get(node) ?? []);
  if (found.length === 1) throw found[0];
  if (found.length === 0)
    throw new LoadError(
      "unsupported",
      `output "${missing[0]?.name}" is an optional result that is not supported; remove it from the model's outputs`,
    );
  const lines = found.slice(0, LISTED).map((failure) => `\n  - ${failure.message}`);
  const rest = found.length > LISTED ? `\n  - and ${found.length - LISTED} more` : "";
  throw new LoadError("unsupported", `${found.length} nodes of this model cannot be imported:${lines.join("")}${rest}`);
}

/** The nodes that values depend on, in the order of the file. */
function reach(nodes: readonly OnnxNode[], names: readonly string[]): OnnxNode[] {
  const wanted = new Set(names);
  const reached = new Set<OnnxNode>();
  for (const node of [...nodes].reverse()) {
    if (!node.outputs.some((output) => output !== "" && wanted.has(output))) continue;
    reached.add(node);
    for (const input of node.inputs) wanted.add(input);
  }
  return nodes.filter((node) => reached.has(node));
}

/** What an op of ours refuses, told of the model; the op's sentence names the node. */
export function refusedBy(error: PlanError, operator: string): LoadError {
  const code = error.code === "unsupported" || error.code === "too-large" ? "unsupported" : "invalid";
  return new LoadError(code, `${operator}: ${error.message}`);
}
