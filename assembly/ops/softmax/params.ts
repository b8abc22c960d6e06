// Parameter block of the softmax kernel: axes before, at and after the one that is normalised.
//
//   byte  0   4   8     12    16    20
//        in  out outer axis  inner log
import { field } from "../../describe";

@unmanaged
export class SoftmaxParams {
  inputPtr!: u32; // f32[outer, axis, inner]
  outputPtr!: u32; // f32, same shape; may equal inputPtr
  outerElems!: u32;
  axisElems!: u32;
  innerElems!: u32;
  log!: u32; // 1: log-softmax
}

export function describeSoftmax(): string {
  return (
    field("inputPtr", offsetof<SoftmaxParams>("inputPtr")) +
    field("outputPtr", offsetof<SoftmaxParams>("outputPtr")) +
    field("outerElems", offsetof<SoftmaxParams>("outerElems")) +
    field("axisElems", offsetof<SoftmaxParams>("axisElems")) +
    field("innerElems", offsetof<SoftmaxParams>("innerElems")) +
    field("log", offsetof<SoftmaxParams>("log"))
  );
}
