// TensorFlow Lite file in, faithful graph out: real weights, real arithmetic, signs as binarize nodes, as of an ONNX file.
import { type Imported, importModel } from "../onnx/import.ts";
import type { ImportOptions } from "../onnx/options.ts";
import { readModel } from "./model.ts";
import { toOnnx } from "./translate.ts";

/** True if a file begins like TensorFlow Lite's. */
export function isTflite(bytes: Uint8Array): boolean {
  return new TextDecoder("latin1").decode(bytes.subarray(4, 8)) === "TFL3";
}

/** Read a TensorFlow Lite model, with Larq Compute Engine's operators; throws LoadError. Quantized values are computed as reals, cut off at their types' bounds. */
export function importTflite(bytes: Uint8Array, options: Pick<ImportOptions, "signZero"> = {}): Imported {
  const model = readModel(bytes);
  const imported = importModel(toOnnx(model), options);
  const quantized = model.tensors.filter(({ scales, data }) => scales.length > 0 && data === undefined).length;
  if (quantized > 0)
    imported.notes.unshift({
      node: "",
      message: `${quantized} values are quantized in the file; they are computed as reals, cut off at their bounds`,
    });
  return imported;
}
