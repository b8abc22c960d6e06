// Convolution: float or binary inputs x float, sign or two-level weights, to f32 or, through thresholds, to bits.
import type { Conv2dAttrs } from "../graph/attributes.ts";
import { draftDense } from "./dense.ts";
import { checkLayer, draftLayer, type Filters, hasIntegerSums, outputType, storedLayer } from "./layer.ts";
import type { Op, Type } from "./op.ts";
import { type Layout, planPlanes } from "./planes.ts";
import { planRealWeights } from "./real-weights.ts";
import { demand, requireShape, spell } from "./require.ts";
import { planRows } from "./row-planes.ts";
import { sizeParams, slideWindow, windowParams } from "./window.ts";

/** Filters per channel beyond which packing a channel once for all of them beats the depthwise kernels. */
const MAX_MULTIPLIER = 4;

function filtersOf({ inChannels, outChannels, groups, window }: Conv2dAttrs<unknown>): Filters {
  return { outChannels, groups, taps: window.kernelH * window.kernelW, run: inChannels / groups };
}

/** True when input 1 is a scale per pixel; a residual is the last input. */
function hasScale({ epilogue }: Conv2dAttrs<unknown>, { length }: readonly unknown[]): boolean {
  return length > (epilogue?.hasResidual ? 2 : 1);
}

export const conv2d: Op<"conv2d"> = {
  stored: (attrs) => storedLayer(attrs, filtersOf(attrs)),

  infer(attrs, inputs) {
    const { inChannels, outChannels, groups, window, padValue, inputKind, thresholds } = attrs;
    const areGroups = groups > 0 && inChannels % groups === 0 && outChannels % groups === 0;
    demand(areGroups, "invalid", `${groups} groups do not divide ${inChannels} and ${outChannels} channels`);
    checkLayer(attrs, inputs, filtersOf(attrs));
    demand(padValue === 0 || inputKind === "binary", "invalid", `real inputs are padded with 0, not ${padValue}`);
    const [batch, channels, ...size] = slideWindow(window, inputs, { type: "f32, bits or i8" }).shape as [number, number, number, number];
    demand(
      channels === inChannels,
      "shape",
      `input is ${spell((inputs[0] as Type).shape)} but the filters expect ${inChannels} channels; put a transpose before it`,
    );
    if (hasScale(attrs, inputs)) {
      requireShape(inputs, 1, [batch, 1, ...size], "per-pixel scale");
      const isRight = thresholds === undefined || !hasIntegerSums(attrs);
      demand(isRight, "invalid", "has integer thresholds and a per-pixel scale; put a binarize after it");
    }
    return outputType(attrs, inputs, [batch, outChannels, ...size]);
  },

  prepare(attrs, context) {
    const { inChannels, outChannels, groups, window, padValue, weights } = attrs;
    const { inputs, output, kernels, threads, signs } = context;
    const sizes = sizeParams(inputs[0], output);
    const { outHeight, outWidth } = sizes;
    // A stride that leaves a rest may never reach the padding; the tap counts are few, so that is not looked into.
    const isPadded = window.padTop + window.padLeft + window.padBottom + window.padRight > 0;
    const isDense = groups === 1 && inputs[0].type !== "i8" && !hasScale(attrs, inputs) && !(attrs.inputKind === "int8" && weights.kind === "float");
    const seesAll = isDense && !isPadded && window.kernelH === sizes.inHeight && window.kernelW === sizes.inWidth;
    const batch = output.shape[0] as number;
    if (seesAll && kernels !== "reference" && !kernels.startsWith("conv2d")) return draftDense(attrs, filtersOf(attrs), context, batch);
    const isDepthwise = groups === inChannels && outChannels / groups <= MAX_MULTIPLIER;
    const layout = planLayout(attrs, sizes, batch, threads, signs !== undefined);
    const request = { op: "conv2d", isDepthwise, fitting: layout?.variant } as const;
    const { params, ...draft } = draftLayer(attrs, filtersOf(attrs), context, request, outHeight * outWidth, outWidth);
    const needsTapCounts = draft.variant === "im2row" && isPadded && padValue === 0;
    const tapCounts = needsTapCounts && { setup: "conv2d_setup_im2row", tables: [4 * (window.kernelH + 1) * (window.kernelW + 1) * outChannels] };
    const made: Partial<Layout> = draft.variant === layout?.variant ? layout : tapCounts || {};
    const takesSigns = signs !== undefined && made.variant === "lut5";
    const { planeBytes = 0, planeCols = 0, bandRows = 0, tableChannels = 0, scratchBytes = 0, tilePixels = params.tilePixels as number } = made;
    return {
      ...draft,
      params: {
        ...params,
        scalePtr: hasScale(attrs, inputs) ? { input: 1 } : 0,
        batch,
        inChannels,
        ...sizes,
        groups,
        ...windowParams(window),
        padValue,
        lutPtr: made.setup ? { table: 0 } : 0,
        planeBytes,
        threadPtr: { scratch: scratchBytes },
        threadBytes: made.threadBytes ?? (draft.threadBytes as number),
        planeCols,
        bandRows,
        tableChannels,
        tilePixels,
        inputIsReal: Number(takesSigns),
        signThresholdsPtr: { span: signs?.thresholds?.values },
        signFlipsPtr: { span: signs?.thresholds?.flips },
      },
      ...made,
      takesSigns,
      why: draft.why + (takesSigns ? ", takes signs" : ""),
    };
  },
};

/** Plan the memory of the family that is made for a layer's kinds, if the layer fits. */
function planLayout(
  attrs: Conv2dAttrs<unknown>,
  sizes: ReturnType<typeof sizeParams>,
  batch: number,
  threads: number,
  isReal: boolean,
): Layout | undefined {
  const { inHeight, inWidth, outHeight, outWidth } = sizes;
  if (attrs.weights.kind === "float") return planRealWeights(attrs, batch, outHeight, outWidth);
  if (attrs.inputKind === "binary") return planPlanes(attrs, batch, threads, isReal, inHeight * inWidth, outHeight, outWidth);
  return planRows(attrs, filtersOf(attrs), sizes, batch);
}
