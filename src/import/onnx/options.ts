// What a caller may choose about an import.
import type { ExternalFiles } from "./wire/tensor.ts";

/** What an ONNX Sign, which gives 0 at 0, becomes there: +1, -1, or an error that names the node. */
export type SignZero = "plus" | "minus" | "refuse";

/** What an importer may be told. */
export interface ImportOptions {
  signZero?: SignZero;
  /** Files beside the model that hold its numbers, by the location it gives; `listFilesBeside` names them. */
  files?: ExternalFiles | undefined;
}
