// A model file of another framework, whichever it is: what it is, its contents tell.
import { type Imported, importOnnx, listExternalFiles } from "./onnx/import.ts";
import type { ImportOptions } from "./onnx/options.ts";
import { importTflite, isTflite } from "./tflite/import.ts";

/** Read an ONNX or TensorFlow Lite model; throws LoadError. */
export function importFile(bytes: Uint8Array, options: ImportOptions = {}): Imported {
  return isTflite(bytes) ? importTflite(bytes, options) : importOnnx(bytes, options);
}

/** List the files beside a model that hold its numbers; only ONNX has such. */
export function listFilesBeside(bytes: Uint8Array): string[] {
  return isTflite(bytes) ? [] : listExternalFiles(bytes);
}
