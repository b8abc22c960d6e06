// Parameter block of the lrn kernel.
//
//   byte  0   4   8     12       16     20             24    28   32
//        in  out batch channels pixels channelsAtOnce share beta bias
import { field } from "../../describe";

@unmanaged
export class LrnParams {
  inputPtr!: u32; // f32 NCHW
  outputPtr!: u32; // f32, same shape
  batch!: u32;
  channels!: u32;
  pixels!: u32; // in one channel plane
  channelsAtOnce!: u32; // of the window; of an even number one more lies above than below
  share!: f32; // alpha / size
  beta!: f32;
  bias!: f32;
}

export function describeLrn(): string {
  return (
    field("inputPtr", offsetof<LrnParams>("inputPtr")) +
    field("outputPtr", offsetof<LrnParams>("outputPtr")) +
    field("batch", offsetof<LrnParams>("batch")) +
    field("channels", offsetof<LrnParams>("channels")) +
    field("pixels", offsetof<LrnParams>("pixels")) +
    field("channelsAtOnce", offsetof<LrnParams>("channelsAtOnce")) +
    field("share", offsetof<LrnParams>("share")) +
    field("beta", offsetof<LrnParams>("beta")) +
    field("bias", offsetof<LrnParams>("bias"))
  );
}
