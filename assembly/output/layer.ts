// Fields that the parameter blocks of conv2d and dense begin with: what an output stage needs to know of a layer.
//
//   byte  0   4    8       12    16   20   24         28    32      36          40
//         in  out  weights alpha beta bias thresholds flips scratch outChannels tilePixels
import { field } from "../describe";

@unmanaged
export class LayerParams {
  inputPtr!: u32; // f32 or bits
  outputPtr!: u32; // f32; bits when there are thresholds
  weightsPtr!: u32; // f32 OHWI or bits OHW[Iw]; dense: H = W = 1
  alphaPtr!: u32; // f32[O]; 0 for float weights
  betaPtr!: u32; // f32[O]; 0 unless two-level
  biasPtr!: u32; // f32[O] or 0
  thresholdsPtr!: u32; // [O]: i32 for binary inputs x sign weights, else f32; 0 for f32 output
  flipsPtr!: u32; // u32[ceil(O/32)] or 0
  scratchPtr!: u32; // 16-byte aligned
  outChannels!: u32; // O
  tilePixels!: u32; // output pixels (dense: rows) per tile, where the kernel lets the host choose
}

export function describeLayer(): string {
  return (
    field("inputPtr", offsetof<LayerParams>("inputPtr")) +
    field("outputPtr", offsetof<LayerParams>("outputPtr")) +
    field("weightsPtr", offsetof<LayerParams>("weightsPtr")) +
    field("alphaPtr", offsetof<LayerParams>("alphaPtr")) +
    field("betaPtr", offsetof<LayerParams>("betaPtr")) +
    field("biasPtr", offsetof<LayerParams>("biasPtr")) +
    field("thresholdsPtr", offsetof<LayerParams>("thresholdsPtr")) +
    field("flipsPtr", offsetof<LayerParams>("flipsPtr")) +
    field("scratchPtr", offsetof<LayerParams>("scratchPtr")) +
    field("outChannels", offsetof<LayerParams>("outChannels")) +
    field("tilePixels", offsetof<LayerParams>("tilePixels"))
  );
}
