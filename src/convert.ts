// The convert-side door: a trained net in another format becomes the bytes of a .hybit file. For workstations and
// build scripts; nothing of it is in the run-side bundle (src/index.ts).
import type { Correction, WeightBinarization } from "./binarize/binarize-weights.ts";
import type { Int8Layers } from "./binarize/int8-inputs.ts";
import { hybridize, PASSES } from "./binarize/passes.ts";
import type { BinarizeReport } from "./binarize/report.ts";
import { writeModel } from "./format/write.ts";
import type { Graph, Metadata, Numbers, Preprocess } from "./graph/graph.ts";
import { importFile } from "./import/file.ts";
import type { SignZero } from "./import/onnx/options.ts";
import { keepInputsReal } from "./select/signed-layers.ts";

export { type Correction, WEIGHT_BINARIZATIONS, type WeightBinarization } from "./binarize/binarize-weights.ts";
export { INT8_LAYERS, type Int8Layers } from "./binarize/int8-inputs.ts";
export { type HybridizeOptions, hybridize } from "./binarize/passes.ts";
export type { BinarizeReport, LayerReport } from "./binarize/report.ts";
export { type CorrectionOptions, estimateCorrections } from "./calibrate/corrections.ts";
export { exportOnnx } from "./export/onnx/export.ts";
export { writeModel } from "./format/write.ts";
export { LoadError } from "./graph/errors.ts";
export type { Graph, Metadata, Node, Numbers, Preprocess, Value } from "./graph/graph.ts";
export { importFile, listFilesBeside } from "./import/file.ts";
export { type Imported, importOnnx } from "./import/onnx/import.ts";
export type { ImportOptions, SignZero } from "./import/onnx/options.ts";
export type { LayerKind } from "./ops/layer-kind.ts";
export { type SelectedLayer, type Selection, type SelectOptions, selectLayers } from "./select/select.ts";
export { type Cost, estimateCost } from "./zoo/cost.ts";
export type { Layer as ZooLayer } from "./zoo/net.ts";
export { LAST_WEIGHTS, type LastWeights, VARIANTS, type Variant } from "./zoo/plan.ts";
export { buildZoo, measureZoo, ZOO, type ZooName, type ZooOptions } from "./zoo/zoo.ts";

/** What `convertModel` may be told; all have defaults. */
export interface ConvertOptions {
  /** Name of the model; default: the graph's name in the file. */
  name?: string;
  /** Names of the classes, in the order of the output. */
  labels?: string[];
  /** How an image becomes the input. */
  preprocess?: Preprocess;
  /** Licence, attribution, training notes, own entries; added to what the file says. */
  metadata?: Partial<Metadata>;
  /** Relative difference below which two weights of a filter count as equal; default 1e-5. */
  tolerance?: number;
  /** What the sign of an exact 0 becomes where the file says 0; default +1. */
  signZero?: SignZero;
  /** Files beside the model that hold its numbers: see `listFilesBeside`. */
  files?: ReadonlyMap<string, Uint8Array> | undefined;
  /** Which layers read real inputs as int8, which rounds them; default "none". */
  int8?: "none" | Int8Layers;
  /** Largest |x| at the input of layers, by layer name: fixes their int8 scale. Others take the scale of each image in each run. */
  int8Ranges?: ReadonlyMap<string, number>;
  /** The input is 8-bit pixels, as int8 pixel - 128, where `preprocess` has one whole mean and one deviation for all channels; default false. */
  bytes?: boolean;
  /** Names of layers whose inputs stay real though the model has signs there, as `hybit select` lists them; default none. */
  realInputs?: readonly string[];
  /** Replace real weights by binary ones; default: only weights that are binary already become bits. Changes what the net computes. */
  binarize?: WeightBinarization;
  /** Names of the layers to binarize; default: all but the first and the last. */
  layers?: readonly string[];
  /** What is done to the outputs of binarized layers so that they keep their mean and deviation, as `estimateCorrections` finds it. */
  corrections?: ReadonlyMap<string, Correction>;
  /** Scale what convolutions make of signs by XNOR-Net's K, the mean |x| under each window; default false. Changes what the net computes. */
  xnorScale?: boolean;
  /** Called before each step of the conversion. */
  onProgress?: (progress: ConvertProgress) => void;
}

/** Which step of a conversion is at work. */
export interface ConvertProgress {
  step: string;
  /** Steps done, of `total`. */
  done: number;
  total: number;
}

/** What a conversion gives. */
export interface Converted {
  /** The model file. Belongs to the caller. */
  model: Uint8Array;
  /** What every layer became, and why. */
  report: BinarizeReport;
  /** What a person should know; empty when all is well. */
  warnings: string[];
}

/** Convert an ONNX or TensorFlow Lite model to a .hybit model; throws LoadError saying which node is in the way, and PlanError when a name in `realInputs` is wrong. */
export function convertModel(bytes: Uint8Array, options: ConvertOptions = {}): Converted {
  const { tolerance, signZero, int8, int8Ranges, files, onProgress } = options;
  const total = PASSES.length + 2; // reading, the passes, writing
  onProgress?.({ step: "read", done: 0, total });
  const imported = importFile(bytes, { signZero, files });
  const chosen = keepInputsReal(imported.graph, options.realInputs ?? []);
  const { graph, report } = hybridize(describe(chosen, options), {
    tolerance,
    int8,
    int8Ranges,
    bytes: options.bytes,
    binarize: options.binarize,
    layers: options.layers,
    corrections: options.corrections,
    xnorScale: options.xnorScale,
    onPass: (step, index) => onProgress?.({ step, done: index + 1, total }),
  });
  onProgress?.({ step: "write", done: total - 1, total });
  const model = writeModel(graph);
  return { model, report, warnings: [...imported.notes.map(({ node, message }) => `in node "${node}": ${message}`), ...checkLabels(graph)] };
}

function describe(graph: Graph<Numbers>, { name, labels, preprocess, metadata }: ConvertOptions): Graph<Numbers> {
  const merged: Metadata = { ...graph.metadata, ...metadata, entries: { ...graph.metadata.entries, ...metadata?.entries } };
  if (labels !== undefined) merged.labels = labels;
  if (preprocess !== undefined) merged.preprocess = preprocess;
  return { ...graph, name: name ?? graph.name, metadata: merged };
}

function checkLabels({ values, outputs, metadata }: Graph<Numbers>): string[] {
  const { labels } = metadata;
  const classes = values[outputs[0] ?? -1]?.shape.at(-1);
  return labels.length === 0 || labels.length === classes ? [] : [`${labels.length} labels are given but the first output has ${classes} entries`];
}
