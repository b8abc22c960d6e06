// Parameter block of the avgpool kernel: the pool block of assembly/pools/params.ts, then
//
//   byte  60       64        68          72
//        countTop countLeft countBottom countRight
import { field } from "../../describe";
import { describePool, PoolParams } from "../../pools/params";

@unmanaged
export class AvgpoolParams extends PoolParams {
  // How many padded pixels on each side count as taps (of value 0): the pads, or 0.
  countTop!: u32;
  countLeft!: u32;
  countBottom!: u32;
  countRight!: u32;
}

export function describeAvgpool(): string {
  return (
    describePool() +
    field("countTop", offsetof<AvgpoolParams>("countTop")) +
    field("countLeft", offsetof<AvgpoolParams>("countLeft")) +
    field("countBottom", offsetof<AvgpoolParams>("countBottom")) +
    field("countRight", offsetof<AvgpoolParams>("countRight"))
  );
}
