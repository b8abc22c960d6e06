// Turns the float graph of an importer into the hybrid graph that is stored: which layers are binary is decided here,
// by looking at the weights and at what feeds them, and everything that can be decided before running is folded.
import { LoadError } from "../graph/errors.ts";
import type { Graph, Numbers } from "../graph/graph.ts";
import { binarizeWeights, type Correction, type WeightBinarization } from "./binarize-weights.ts";
import { proveBinaryInputs } from "./binary-inputs.ts";
import { useByteInput } from "./byte-input.ts";
import { Draft } from "./draft.ts";
import { flattenDense } from "./flatten-dense.ts";
import { foldBatchnorm } from "./fold-batchnorm.ts";
import { foldPads } from "./fold-pads.ts";
import { foldThresholds } from "./fold-thresholds.ts";
import { fuseEpilogue } from "./fuse-epilogue.ts";
import { useInt8Between } from "./int8-between.ts";
import { type Int8Layers, useInt8Inputs } from "./int8-inputs.ts";
import { DEFAULT_TOLERANCE } from "./levels.ts";
import type { Pass, PassContext } from "./pass.ts";
import { recognizeWeights } from "./recognize-weights.ts";
import { type BinarizeReport, reportOn } from "./report.ts";
import { simplify } from "./simplify.ts";
import { splitInputs } from "./split-inputs.ts";
import { addXnorScale } from "./xnor-scale.ts";

/** What the passes from the float graph to the hybrid one may be told. */
export interface HybridizeOptions {
  /** Relative difference below which two weights of a filter count as equal; default 1e-5. */
  tolerance?: number;
  /** Which layers read real inputs as int8, which rounds them; default "none". */
  int8?: "none" | Int8Layers;
  /** Largest |x| at the input of layers, by layer name: fixes their int8 scale. Others take the scale of each image in each run. */
  int8Ranges?: ReadonlyMap<string, number>;
  /** The input is 8-bit pixels, as int8: see byte-input.ts; default false. */
  bytes?: boolean;
  /** Replace real weights by binary ones; default: only weights that are binary already become bits. */
  binarize?: WeightBinarization;
  /** Names of the layers to binarize; default: all but the first and the last. */
  layers?: readonly string[];
  /** What is done to the outputs of binarized layers, by layer name: see src/calibrate/corrections.ts. */
  corrections?: ReadonlyMap<string, Correction>;
  /** Scale convolutions of signs by XNOR-Net's K: see xnor-scale.ts; default false. */
  xnorScale?: boolean;
  /** Called before each pass. */
  onPass?: (name: string, index: number) => void;
}

/** In order; each finds the graph as the one before left it. */
export const PASSES: readonly { name: string; run: Pass }[] = [
  { name: "simplify", run: simplify },
  { name: "fold-pads", run: foldPads },
  { name: "recognize-weights", run: recognizeWeights },
  { name: "split-inputs", run: splitInputs },
  { name: "binary-inputs", run: proveBinaryInputs },
  { name: "fold-thresholds", run: foldThresholds },
  { name: "simplify, after moving signs", run: simplify },
  { name: "fold-pads, of bits", run: foldPads },
  { name: "flatten-dense", run: flattenDense },
  { name: "fold-batchnorm", run: foldBatchnorm },
  { name: "fuse-epilogue", run: fuseEpilogue },
];

/** Make the hybrid graph and say what became of every layer. The given graph is left as it is. */
export function hybridize(graph: Graph<Numbers>, options: HybridizeOptions = {}): { graph: Graph<Numbers>; report: BinarizeReport } {
  const context: PassContext = { tolerance: options.tolerance ?? DEFAULT_TOLERANCE, reasons: new Map() };
  if (options.layers && !options.binarize) throw new LoadError("invalid", "layers are named, but binarize does not say how; give both or neither");
  let hybrid = graph;
  if (options.binarize) hybrid = runPass(hybrid, binarizeWeights(options.binarize, options.layers, options.corrections), context);
  if (options.xnorScale) hybrid = runPass(hybrid, addXnorScale, context);
  PASSES.forEach(({ name, run }, index) => {
    options.onPass?.(name, index);
    hybrid = runPass(hybrid, run, context);
  });
  const { int8 = "none", int8Ranges, bytes } = options;
  if (int8 !== "none") hybrid = useInt8Inputs(hybrid, int8, int8Ranges);
  if (bytes) hybrid = useByteInput(hybrid);
  if (int8 !== "none") hybrid = useInt8Between(hybrid);
  return { graph: hybrid, report: reportOn(hybrid, context.reasons) };
}

/** Run one pass on a copy. */
export function runPass(graph: Graph<Numbers>, pass: Pass, context: PassContext): Graph<Numbers> {
  const draft = new Draft(graph);
  pass(draft, context);
  return draft.finish();
}
