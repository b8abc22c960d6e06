// Fully connected layer: float or binary inputs x float, sign or two-level weights, to f32 or, through thresholds, to bits.
import type { Attributes } from "../graph/attributes.ts";
import { PlanError } from "../graph/errors.ts";
import { countElements, type NodeOf } from "../graph/graph.ts";
import { selectKernel } from "../kernels/select.ts";
import { checkBytes, checkLayer, layerBlock, layerParams, outputType, storedLayer } from "./layer.ts";
import type { PrepareContext, StepDraft, Stored, Type } from "./op.ts";
import { requireInput, spell } from "./require.ts";
import { planTile } from "./tile.ts";

export const block = { ...layerBlock, rows: "u32", inFeatures: "u32" } as const;

export function stored<D>(attrs: Attributes<D>["dense"]): Stored<D>[] {
  return storedLayer(attrs, attrs.outFeatures, 1, attrs.inFeatures);
}

export function infer(node: NodeOf<"dense", unknown>, inputs: readonly Type[]): Type[] {
  const { attrs } = node;
  const { inFeatures, outFeatures } = attrs;
  const input = requireInput(node, inputs, 0);
  const rank = input.shape.length;
  if (rank < 1 || input.shape[rank - 1] !== inFeatures) {
    const text = `(dense) input is ${spell(input.shape)} but the filters expect ${inFeatures} features; is a reshape missing before it?`;
    throw new PlanError("shape", text, node.name);
  }
  checkLayer(node, input, outFeatures, inFeatures);
  const output = outputType(attrs, [...input.shape.slice(0, -1), outFeatures]);
  if (rank !== 2 && (input.type === "bits" || output.type === "bits")) {
    throw new PlanError("shape", `(dense) bits must be [N,C] but the input is ${spell(input.shape)}; put a reshape before it`, node.name);
  }
  checkBytes(node, "input", input);
  checkBytes(node, "output", output);
  checkBytes(node, "weights", { type: attrs.weights.kind === "float" ? "f32" : "bits", shape: [outFeatures, inFeatures] });
  return [output];
}

export function prepare(node: NodeOf<"dense">, { outputs, kernels }: PrepareContext): StepDraft {
  const { attrs } = node;
  const { inFeatures, outFeatures } = attrs;
  const outElems = countElements((outputs[0] as Type).shape);
  const rows = outElems / outFeatures;
  const { kernel, why, variant } = selectKernel({ op: "dense", attrs, isDepthwise: false, kernels });
  const tile = planTile(variant, { pixels: rows, outWidth: rows, taps: 1, run: inFeatures, filters: outFeatures });
  return {
    kernel,
    why,
    macs: outElems * inFeatures,
    params: { ...layerParams(attrs, outFeatures, tile.pixels), rows, inFeatures },
    scratchBytes: tile.bytes,
  };
}
