// Bits are floats in ONNX already.
import type { Exporter } from "../draft.ts";

export const unpack: Exporter<"unpack"> = (_, place) => place.add("Identity", place.inputs);
