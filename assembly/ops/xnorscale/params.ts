// Parameter block of the xnorscale kernel: the pool block of assembly/pools/params.ts (planes = N), then
//
//   byte  60       64
//        channels plane
import { field } from "../../describe";
import { describePool, PoolParams } from "../../pools/params";

@unmanaged
export class XnorscaleParams extends PoolParams {
  channels!: u32;
  planePtr!: u32; // scratch: f32[H, W]
}

export function describeXnorscale(): string {
  return describePool() + field("channels", offsetof<XnorscaleParams>("channels")) + field("planePtr", offsetof<XnorscaleParams>("planePtr"));
}
