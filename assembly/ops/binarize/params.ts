// Parameter block of the binarize kernel.
//
//   byte  0   4   8          12    16    20       24
//        in  out thresholds flips batch channels pixels
import { field } from "../../describe";

@unmanaged
export class BinarizeParams {
  inputPtr!: u32; // f32 NCHW, or NC with one pixel
  outputPtr!: u32; // bits NHW[Cw]
  thresholdsPtr!: u32; // f32[C], or 0: all are 0
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
    field("flipsPtr", offsetof<BinarizeParams>("flipsPtr")) +
    field("batch", offsetof<BinarizeParams>("batch")) +
    field("channels", offsetof<BinarizeParams>("channels")) +
    field("pixels", offsetof<BinarizeParams>("pixels"))
  );
}
