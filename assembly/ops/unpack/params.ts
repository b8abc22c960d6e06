// Parameter block of the unpack kernel.
//
//   byte  0   4   8     12       16
//        in  out batch channels pixels
import { field } from "../../describe";

@unmanaged
export class UnpackParams {
  inputPtr!: u32; // bits NHW[Cw]
  outputPtr!: u32; // f32 NCHW, or NC with one pixel
  batch!: u32;
  channels!: u32;
  pixels!: u32; // in one channel plane
}

export function describeUnpack(): string {
  return (
    field("inputPtr", offsetof<UnpackParams>("inputPtr")) +
    field("outputPtr", offsetof<UnpackParams>("outputPtr")) +
    field("batch", offsetof<UnpackParams>("batch")) +
    field("channels", offsetof<UnpackParams>("channels")) +
    field("pixels", offsetof<UnpackParams>("pixels"))
  );
}
