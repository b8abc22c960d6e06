// Parameter block of the concat kernels. Memory is rows; a row of the output is a run of each input's row in turn.
//
//   byte  0   4    8      12   16           20 .. 80
//        out runs inputs rows outputRowElems input0 .. input15
//
//   runs   u32, per input: elements taken of a row, elements from row to row
// Elements are 32-bit ones (x32) or bits (b1).
import { field } from "../../describe";

@unmanaged
export class ConcatParams {
  outputPtr!: u32;
  runsPtr!: u32;
  inputs!: u32; // how many of the pointers below are used
  rows!: u32;
  outputRowElems!: u32; // from row to row
  input0Ptr!: u32;
  input1Ptr!: u32;
  input2Ptr!: u32;
  input3Ptr!: u32;
  input4Ptr!: u32;
  input5Ptr!: u32;
  input6Ptr!: u32;
  input7Ptr!: u32;
  input8Ptr!: u32;
  input9Ptr!: u32;
  input10Ptr!: u32;
  input11Ptr!: u32;
  input12Ptr!: u32;
  input13Ptr!: u32;
  input14Ptr!: u32;
  input15Ptr!: u32;
}

export function describeConcat(): string {
  return (
    field("outputPtr", offsetof<ConcatParams>("outputPtr")) +
    field("runsPtr", offsetof<ConcatParams>("runsPtr")) +
    field("inputs", offsetof<ConcatParams>("inputs")) +
    field("rows", offsetof<ConcatParams>("rows")) +
    field("outputRowElems", offsetof<ConcatParams>("outputRowElems")) +
    field("input0Ptr", offsetof<ConcatParams>("input0Ptr")) +
    field("input1Ptr", offsetof<ConcatParams>("input1Ptr")) +
    field("input2Ptr", offsetof<ConcatParams>("input2Ptr")) +
    field("input3Ptr", offsetof<ConcatParams>("input3Ptr")) +
    field("input4Ptr", offsetof<ConcatParams>("input4Ptr")) +
    field("input5Ptr", offsetof<ConcatParams>("input5Ptr")) +
    field("input6Ptr", offsetof<ConcatParams>("input6Ptr")) +
    field("input7Ptr", offsetof<ConcatParams>("input7Ptr")) +
    field("input8Ptr", offsetof<ConcatParams>("input8Ptr")) +
    field("input9Ptr", offsetof<ConcatParams>("input9Ptr")) +
    field("input10Ptr", offsetof<ConcatParams>("input10Ptr")) +
    field("input11Ptr", offsetof<ConcatParams>("input11Ptr")) +
    field("input12Ptr", offsetof<ConcatParams>("input12Ptr")) +
    field("input13Ptr", offsetof<ConcatParams>("input13Ptr")) +
    field("input14Ptr", offsetof<ConcatParams>("input14Ptr")) +
    field("input15Ptr", offsetof<ConcatParams>("input15Ptr"))
  );
}
