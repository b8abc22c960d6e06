// Fields that the parameter blocks of conv2d and dense begin with: what an output stage needs to know of a layer.
//
//   byte  0   4    8       12    16   20   24         28    32      36          40         44
//         in  out  weights alpha beta bias thresholds flips scratch outChannels tilePixels threadBytes
//   byte  48          52        56       60    64  68   72       76
//         hasEpilogue residual  addsLast slope low high outScale outBias
//   byte  80         84             88             92           96
//         inputScale inputZeroPoint inputElemBytes outGridScale outGridZeroPoint
import { field } from "../describe";

@unmanaged
export class LayerParams {
  inputPtr!: u32; // f32, bits or int8
  outputPtr!: u32; // f32; bits when there are thresholds; int8 when there is an output grid
  weightsPtr!: u32; // f32 OHWI or bits OHW[Iw]; dense: H = W = 1
  alphaPtr!: u32; // f32[O]; 0 for float weights
  betaPtr!: u32; // f32[O]; 0 unless two-level
  biasPtr!: u32; // f32[O] or 0
  thresholdsPtr!: u32; // [O]: i32 for binary inputs x sign weights without an epilogue, else f32; 0 for f32 output; see comparison.ts
  flipsPtr!: u32; // u32[ceil(O/32)] or 0
  scratchPtr!: u32; // 16-byte aligned
  outChannels!: u32; // O
  tilePixels!: u32; // output pixels (dense: rows) per tile, where the kernel lets the host choose
  threadBytes!: u32; // scratch of one thread, multiple of 16; that of part 0 comes first
  hasEpilogue!: u32; // 0: the fields below are not looked at; see epilogue.ts
  residualPtr!: u32; // f32, laid out as an f32 output would be; or 0
  addsLast!: u32; // 0: the residual is added first
  slopePtr!: u32; // f32[O] or 0
  low!: f32; // clips when low < high
  high!: f32; // the highest f32: no limit
  outScalePtr!: u32; // f32[O] or 0
  outBiasPtr!: u32; // f32[O] or 0
  inputScale!: f32; // int8 inputs only; 0: of each image's largest magnitude
  inputZeroPoint!: i32; // int8 inputs only; -128 to 127
  inputElemBytes!: u32; // 4, or 1 where the input is int8 already
  outGridScale!: f32; // of int8 outputs; else 0
  outGridZeroPoint!: i32; // -128 to 127
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
    field("tilePixels", offsetof<LayerParams>("tilePixels")) +
    field("threadBytes", offsetof<LayerParams>("threadBytes")) +
    field("hasEpilogue", offsetof<LayerParams>("hasEpilogue")) +
    field("residualPtr", offsetof<LayerParams>("residualPtr")) +
    field("addsLast", offsetof<LayerParams>("addsLast")) +
    field("slopePtr", offsetof<LayerParams>("slopePtr")) +
    field("low", offsetof<LayerParams>("low")) +
    field("high", offsetof<LayerParams>("high")) +
    field("outScalePtr", offsetof<LayerParams>("outScalePtr")) +
    field("outBiasPtr", offsetof<LayerParams>("outBiasPtr")) +
    field("inputScale", offsetof<LayerParams>("inputScale")) +
    field("inputZeroPoint", offsetof<LayerParams>("inputZeroPoint")) +
    field("inputElemBytes", offsetof<LayerParams>("inputElemBytes")) +
    field("outGridScale", offsetof<LayerParams>("outGridScale")) +
    field("outGridZeroPoint", offsetof<LayerParams>("outGridZeroPoint"))
  );
}
