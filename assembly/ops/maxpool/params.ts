// Parameter block of the maxpool kernels: the pool block of assembly/pools/params.ts, then
//
//   byte  60           64
//        channelWords minMask
import { field } from "../../describe";
import { describePool, PoolParams } from "../../pools/params";

@unmanaged
export class MaxpoolParams extends PoolParams {
  channelWords!: u32; // bits only: words of a pixel
  minMaskPtr!: u32; // bits only: u32[Cw], or 0
}

export function describeMaxpool(): string {
  return (
    describePool() +
    field("channelWords", offsetof<MaxpoolParams>("channelWords")) +
    field("minMaskPtr", offsetof<MaxpoolParams>("minMaskPtr"))
  );
}
