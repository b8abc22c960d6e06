// Parameter block of the global pools.
//
//   byte  0   4   8      12
//        in  out planes pixels
import { field } from "../../describe";

@unmanaged
export class GlobalpoolParams {
  inputPtr!: u32; // f32 NCHW
  outputPtr!: u32; // f32[N, C]
  planes!: u32; // N * C
  pixels!: u32; // in one plane, at least 1
}

export function describeGlobalpool(): string {
  return (
    field("inputPtr", offsetof<GlobalpoolParams>("inputPtr")) +
    field("outputPtr", offsetof<GlobalpoolParams>("outputPtr")) +
    field("planes", offsetof<GlobalpoolParams>("planes")) +
    field("pixels", offsetof<GlobalpoolParams>("pixels"))
  );
}
