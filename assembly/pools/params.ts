// What the parameter blocks of all windowed pools begin with; maxpool, avgpool and xnorscale add theirs behind.
//
//   byte  0   4   8      12       16      20        24       28      32      36      40      44        48        52     56
//        in  out planes inHeight inWidth outHeight outWidth kernelH kernelW strideH strideW dilationH dilationW padTop padLeft
import { field } from "../describe";

@unmanaged
export class PoolParams {
  inputPtr!: u32;
  outputPtr!: u32;
  planes!: u32; // how many times the kernel repeats: N * C planes, or N images
  inHeight!: u32; // pixels
  inWidth!: u32;
  outHeight!: u32;
  outWidth!: u32;
  kernelH!: u32;
  kernelW!: u32;
  strideH!: u32;
  strideW!: u32;
  dilationH!: u32;
  dilationW!: u32;
  padTop!: u32;
  padLeft!: u32;
}

export function describePool(): string {
  return (
    field("inputPtr", offsetof<PoolParams>("inputPtr")) +
    field("outputPtr", offsetof<PoolParams>("outputPtr")) +
    field("planes", offsetof<PoolParams>("planes")) +
    field("inHeight", offsetof<PoolParams>("inHeight")) +
    field("inWidth", offsetof<PoolParams>("inWidth")) +
    field("outHeight", offsetof<PoolParams>("outHeight")) +
    field("outWidth", offsetof<PoolParams>("outWidth")) +
    field("kernelH", offsetof<PoolParams>("kernelH")) +
    field("kernelW", offsetof<PoolParams>("kernelW")) +
    field("strideH", offsetof<PoolParams>("strideH")) +
    field("strideW", offsetof<PoolParams>("strideW")) +
    field("dilationH", offsetof<PoolParams>("dilationH")) +
    field("dilationW", offsetof<PoolParams>("dilationW")) +
    field("padTop", offsetof<PoolParams>("padTop")) +
    field("padLeft", offsetof<PoolParams>("padLeft"))
  );
}
