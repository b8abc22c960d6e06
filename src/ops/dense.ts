// Fully connected layer: float or binary inputs x float, sign or two-level weights, to f32 or, through thresholds, to bits.
import type { DenseAttrs, LayerAttrs } from "../graph/attributes.ts";
import { countElements, countWords, type Span } from "../graph/graph.ts";
import { checkLayer, draftLayer, type Filters, outputType, storedLayer } from "./layer.ts";
import type { Op, PrepareContext, StepDraft } from "./op.ts";
import { demand, requireInput, spell } from "./require.ts";

/** Below, a panel of 128 filters would be mostly empty; popcount is as fast. */
const MIN_SLICED_FILTERS = 48;

/** Inputs whose counts fit the kernel's planes. */
const MAX_SLICED_WORDS = 2048;

const filtersOf = ({ inFeatures, outFeatures }: DenseAttrs<unknown>): Filters => ({ outChannels: outFeatures, groups: 1, taps: 1, run: inFeatures });

export const dense: Op<"dense"> = {
  stored: (attrs) => storedLayer(attrs, filtersOf(attrs)),

  infer(attrs, inputs) {
    const { inFeatures, outFeatures } = attrs;
    const { type, shape } = requireInput(inputs, 0, "f32, bits or i8");
    const found = `input is ${spell(shape)}`;
    demand(shape.at(-1) === inFeatures, "shape", `${found} but the filters expect ${inFeatures} features; put a reshape before it`);
    checkLayer(attrs, inputs, filtersOf(attrs));
    const output = outputType(attrs, inputs, [...shape.slice(0, -1), outFeatures]);
    const isRight = shape.length === 2 || (type !== "bits" && output.type !== "bits");
    demand(isRight, "shape", `${found} but bits must be [N,C]; put a reshape before it`);
    return output;
  },

  prepare(attrs, context) {
    return draftDense(attrs, filtersOf(attrs), context, countElements(context.output.shape) / attrs.outFeatures);
  },
};

/** Draft the kernel call of `rows` dot products per filter, each over all taps of the filter: a dense layer, or a convolution that is one. */
export function draftDense(attrs: LayerAttrs<Span>, filters: Filters, context: PrepareContext, rows: number): StepDraft {
  const { outChannels, taps, run } = filters;
  const depth = taps * run;
  const words = taps * countWords(run);
  // Weights of several taps are padded to words tap by tap, and the input with them.
  const inFeatures = taps > 1 && attrs.weights.kind !== "float" ? 32 * words : depth;
  const isWide = outChannels >= MIN_SLICED_FILTERS && words <= MAX_SLICED_WORDS;
  // Bits that meet real weights are expanded to floats.
  const needsSigns = attrs.inputKind === "binary" && attrs.weights.kind === "float" && context.kernels !== "reference";
  const { params, ...draft } = draftLayer(
    needsSigns ? { ...attrs, inputKind: "float" } : attrs,
    filters,
    context,
    { op: "dense", isDepthwise: false, isWide },
    rows,
    rows,
  );
  const isSliced = draft.variant === "bitslice";
  const needsPack = needsSigns || (taps > 1 && attrs.inputKind !== "binary");
  const packBytes = needsPack ? 16 * Math.ceil((rows * inFeatures) / 4) : 0;
  const lanes = 128 * Math.ceil(outChannels / 128);
  return {
    ...draft,
    setup: isSliced ? "dense_setup_bitslice" : undefined,
    pack: needsPack ? (needsSigns ? "dense_pack_signs" : "conv2d_pack_taps") : undefined,
    params: {
      ...params,
      inputPtr: needsPack ? { scratch: 0 } : { input: 0 },
      scratchPtr: { scratch: packBytes },
      rows,
      inFeatures,
      depth,
      taps,
      sourcePtr: needsPack ? { input: 0 } : 0,
      tablePtr: isSliced ? { table: 0 } : 0,
      batch: context.output.shape[0] as number,
    },
    tables: isSliced ? [lanes * (4 + 4 * words) + lanes / 8] : [],
    scratchBytes: packBytes,
  };
}
