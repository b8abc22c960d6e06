// Parameter block of the dense kernels: LayerParams (44 bytes), then
//
//   byte  44   48
//         rows inFeatures
import { field } from "../../describe";
import { describeLayer, LayerParams } from "../../output/layer";

@unmanaged
export class DenseParams extends LayerParams {
  rows!: u32; // product of all input dimensions but the last
  inFeatures!: u32;
}

export function describeDense(): string {
  return describeLayer() + field("rows", offsetof<DenseParams>("rows")) + field("inFeatures", offsetof<DenseParams>("inFeatures"));
}
