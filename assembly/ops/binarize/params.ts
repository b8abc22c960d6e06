// Parameter block of the binarize kernel.
//
//   byte  0   4   8          12            16    20    24       28
//        in  out thresholds thresholdStep flips batch channels pixels
import { field } from "../../describe";

@unmanaged
export class BinarizeParams {
  inputPtr!: u32; // f32 NCHW, or NC with one pixel
  outputPtr!: u32; // bits NHW[Cw]
  thresholdsPtr!: u32; // f32[C], or one v128 of the same number
  thresholdStepBytes!: u32; // from channel to channel: 4, or 0
  flipsPtr!: u32; // u32[Cw], or 0
  batch!: u32;
  channels!: u32;
  pixels!: u32; // in one channel plane
}

export function describeBinarize(): string {
  return (
    field("inputPtr", offsetof<BinarizeParams>("inputPtr")) +
    field("outputPtr", offsetof<BinarizeParams>("outputPtr")) +
    field("thresholdsPtr", offsetof<BinarizeParams>("thresholdsPtr")) +
    field("thresholdStepBytes", offsetof<BinarizeParams>("thresholdStepBytes")) +
    field("flipsPtr", offsetof<BinarizeParams>("flipsPtr")) +
    field("batch", offsetof<BinarizeParams>("batch")) +
    field("channels", offsetof<BinarizeParams>("channels")) +
    field("pixels", offsetof<BinarizeParams>("pixels"))
  );
}
