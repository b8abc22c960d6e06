import type { Attributes } from "../graph/attributes.ts";
import type { NodeOf } from "../graph/graph.ts";
import { countChannels, planesBlock, planesParams, requireChannels } from "./channels.ts";
import type { PrepareContext, StepDraft, Stored, Type } from "./op.ts";
import { requireFloat } from "./require.ts";
import { storedThresholds } from "./thresholds.ts";

export const block = { inputPtr: "u32", outputPtr: "u32", thresholdsPtr: "u32", thresholdStepBytes: "u32", flipsPtr: "u32", ...planesBlock } as const;

export function stored<D>({ thresholds }: Attributes<D>["binarize"], inputs: readonly Type[]): Stored<D>[] {
  return storedThresholds(thresholds, countChannels(inputs));
}

export function infer(node: NodeOf<"binarize", unknown>, inputs: readonly Type[]): Type[] {
  requireFloat(node, inputs, 0);
  return [{ type: "bits", shape: requireChannels(node, inputs).shape }];
}

export function prepare({ attrs: { thresholds } }: NodeOf<"binarize">, { inputs }: PrepareContext): StepDraft {
  return {
    kernel: "binarize_f32b1",
    why: "the only kernel of this op",
    macs: 0,
    params: {
      inputPtr: { input: 0 },
      outputPtr: { output: 0 },
      thresholdsPtr: thresholds ? { span: thresholds.values } : { table: 0 },
      thresholdStepBytes: thresholds ? 4 : 0,
      flipsPtr: { span: thresholds?.flips },
      ...planesParams(inputs[0] as Type),
    },
    tables: thresholds ? [] : [new Float32Array(4)],
  };
}
