// Parameter block of the ops that only move elements: slice, pad, transpose, reshape. It holds two views of
// memory, walked side by side: the k-th element of the input view becomes the k-th of the output view.
//
//   byte  0   4   8     12       16    20         24        28          32         36        40           44       48
//        in  out views counters elems inputStart inputRank outputStart outputRank fillWords fillRunWords fillWord fillTailWord
//
//   views   i32: inputRank dimensions, as many strides; then the same of the output. Slowest first.
//   fill    before the walk, fillWords words of the output are set: runs of fillRunWords, of which the last word
//           is fillTailWord (packed channels end in zeros) and the others fillWord
// Positions, dimensions and strides count elements of the kernel: 32-bit ones (x32) or bits (b1).
import { field } from "../describe";

@unmanaged
export class MoveParams {
  inputPtr!: u32;
  outputPtr!: u32;
  viewsPtr!: u32;
  countersPtr!: u32; // scratch: inputRank + outputRank words
  elems!: u32; // at least 1
  inputStart!: u32;
  inputRank!: u32; // at least 1
  outputStart!: u32;
  outputRank!: u32; // at least 1
  fillWords!: u32; // 0: no fill
  fillRunWords!: u32;
  fillWord!: u32;
  fillTailWord!: u32;
}

export function describeMove(): string {
  return (
    field("inputPtr", offsetof<MoveParams>("inputPtr")) +
    field("outputPtr", offsetof<MoveParams>("outputPtr")) +
    field("viewsPtr", offsetof<MoveParams>("viewsPtr")) +
    field("countersPtr", offsetof<MoveParams>("countersPtr")) +
    field("elems", offsetof<MoveParams>("elems")) +
    field("inputStart", offsetof<MoveParams>("inputStart")) +
    field("inputRank", offsetof<MoveParams>("inputRank")) +
    field("outputStart", offsetof<MoveParams>("outputStart")) +
    field("outputRank", offsetof<MoveParams>("outputRank")) +
    field("fillWords", offsetof<MoveParams>("fillWords")) +
    field("fillRunWords", offsetof<MoveParams>("fillRunWords")) +
    field("fillWord", offsetof<MoveParams>("fillWord")) +
    field("fillTailWord", offsetof<MoveParams>("fillTailWord"))
  );
}
