// What a caller may choose about an import.

/** What an ONNX Sign, which gives 0 at 0, becomes there: +1, -1, or an error that names the node. */
export type SignZero = "plus" | "minus" | "refuse";

export interface ImportOptions {
  signZero?: SignZero;
}
