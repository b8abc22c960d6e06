// Parameter block of the affine kernel.
//
//   byte  0   4   8     12   16    20       24
//        in  out scale bias batch channels pixels
import { field } from "../../describe";

@unmanaged
export class AffineParams {
  inputPtr!: u32; // f32 NCHW, or NC with one pixel
  outputPtr!: u32; // f32, same shape; may equal inputPtr
  scalePtr!: u32; // f32[C]
  biasPtr!: u32; // f32[C]
  batch!: u32;
  channels!: u32;
  pixels!: u32; // in one channel plane
}

export function describeAffine(): string {
  return (
    field("inputPtr", offsetof<AffineParams>("inputPtr")) +
    field("outputPtr", offsetof<AffineParams>("outputPtr")) +
    field("scalePtr", offsetof<AffineParams>("scalePtr")) +
    field("biasPtr", offsetof<AffineParams>("biasPtr")) +
    field("batch", offsetof<AffineParams>("batch")) +
    field("channels", offsetof<AffineParams>("channels")) +
    field("pixels", offsetof<AffineParams>("pixels"))
  );
}
