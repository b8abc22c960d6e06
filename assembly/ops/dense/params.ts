// Parameter block of the dense kernels: LayerParams (100 bytes), then
//
//   byte  100  104        108   112  116    120   124
//         rows inFeatures depth taps source table batch
import { field } from "../../describe";
import { describeLayer, LayerParams } from "../../output/layer";

@unmanaged
export class DenseParams extends LayerParams {
  rows!: u32; // product of all input dimensions but the last
  inFeatures!: u32; // of a row as it is stored; with `depth` less, the rest is padding: bits 0 of both operands, or inputs 0
  depth!: u32; // products of an output
  taps!: u32; // pixels of the image that a row is; 1 unless the layer was a convolution
  sourcePtr!: u32; // f32 rows x [C, taps] that the pack kernel turns into the input, C = depth / taps; or 0
  tablePtr!: u32; // what the setup kernel makes, or 0
  batch!: u32; // first dimension of the input
}

/** Return the first filter of a part: parts begin with a word of output bits. */
export function firstOfPart(filters: u32, part: u32, parts: u32): u32 {
  return min<u32>(filters, ((((filters + 31) >> 5) * part) / parts) << 5);
}

export function describeDense(): string {
  return (
    describeLayer() +
    field("rows", offsetof<DenseParams>("rows")) +
    field("inFeatures", offsetof<DenseParams>("inFeatures")) +
    field("depth", offsetof<DenseParams>("depth")) +
    field("taps", offsetof<DenseParams>("taps")) +
    field("sourcePtr", offsetof<DenseParams>("sourcePtr")) +
    field("tablePtr", offsetof<DenseParams>("tablePtr")) +
    field("batch", offsetof<DenseParams>("batch"))
  );
}
