// Parameter block of the maxpool kernels: the pool block of assembly/pools/params.ts, then
//
//   byte  60           64      68        72
//        channelWords minMask threadPtr threadBytes
import { field } from "../../describe";
import { describePool, PoolParams } from "../../pools/params";

@unmanaged
export class MaxpoolParams extends PoolParams {
  channelWords!: u32; // bits only: words of a pixel
  minMaskPtr!: u32; // bits only: u32[Cw], or 0
  threadPtr!: u32; // f32 only: the first thread's line, see assembly/pools/max-plane.ts
  threadBytes!: u32; // f32 only: of a line
}

export function describeMaxpool(): string {
  return (
    describePool() +
    field("channelWords", offsetof<MaxpoolParams>("channelWords")) +
    field("minMaskPtr", offsetof<MaxpoolParams>("minMaskPtr")) +
    field("threadPtr", offsetof<MaxpoolParams>("threadPtr")) +
    field("threadBytes", offsetof<MaxpoolParams>("threadBytes"))
  );
}
