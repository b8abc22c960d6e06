// Parameter block of the prelu kernel.
//
//   byte  0   4   8     12      16       20    24       28
//        in  out slope shiftIn shiftOut batch channels pixels
import { field } from "../../describe";

@unmanaged
export class PreluParams {
  inputPtr!: u32; // f32 NCHW, or NC with one pixel
  outputPtr!: u32; // f32, same shape; may equal inputPtr
  slopePtr!: u32; // f32[C]
  shiftInPtr!: u32; // f32[C], or 0
  shiftOutPtr!: u32; // f32[C], or 0
  batch!: u32;
  channels!: u32;
  pixels!: u32; // in one channel plane
}

export function describePrelu(): string {
  return (
    field("inputPtr", offsetof<PreluParams>("inputPtr")) +
    field("outputPtr", offsetof<PreluParams>("outputPtr")) +
    field("slopePtr", offsetof<PreluParams>("slopePtr")) +
    field("shiftInPtr", offsetof<PreluParams>("shiftInPtr")) +
    field("shiftOutPtr", offsetof<PreluParams>("shiftOutPtr")) +
    field("batch", offsetof<PreluParams>("batch")) +
    field("channels", offsetof<PreluParams>("channels")) +
    field("pixels", offsetof<PreluParams>("pixels"))
  );
}
