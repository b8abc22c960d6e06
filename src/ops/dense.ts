// Fully connected layer: float or binary inputs x float, sign or two-level weights, to f32 or, through thresholds, to bits.
import type { DenseAttrs } from "../graph/attributes.ts";
import { countElements } from "../graph/graph.ts";
import { checkLayer, draftLayer, type Filters, outputType, storedLayer } from "./layer.ts";
import type { Op } from "./op.ts";
import { demand, requireInput, spell } from "./require.ts";

const filtersOf = ({ inFeatures, outFeatures }: DenseAttrs<unknown>): Filters => ({ outChannels: outFeatures, groups: 1, taps: 1, run: inFeatures });

export const dense: Op<"dense"> = {
  stored: (attrs) => storedLayer(attrs, filtersOf(attrs)),

  infer(attrs, inputs) {
    const { inFeatures, outFeatures } = attrs;
    const { type, shape } = requireInput(inputs);
    const found = `input is ${spell(shape)}`;
    demand(shape.at(-1) === inFeatures, "shape", `${found} but the filters expect ${inFeatures} features; is a reshape missing before it?`);
    checkLayer(attrs, inputs, filtersOf(attrs));
    const output = outputType(attrs, [...shape.slice(0, -1), outFeatures]);
    const isRight = shape.length === 2 || (type === "f32" && output.type === "f32");
    demand(isRight, "shape", `${found} but bits must be [N,C]; put a reshape before it`);
    return output;
  },

  prepare(attrs, context) {
    const { inFeatures, outFeatures } = attrs;
    const rows = countElements(context.output.shape) / outFeatures;
    const { params, ...draft } = draftLayer(attrs, filtersOf(attrs), context, { op: "dense", isDepthwise: false }, rows, rows);
    return { ...draft, params: { ...params, rows, inFeatures } };
  },
};
