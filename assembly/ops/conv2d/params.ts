// Parameter block of the conv2d kernels: LayerParams (100 bytes), then
//
//   byte  100   104   108        112      116     120       124      128
//         scale batch inChannels inHeight inWidth outHeight outWidth groups
//   byte  132     136     140     144     148       152       156    160     164
//         kernelH kernelW strideH strideW dilationH dilationW padTop padLeft padValue
//   byte  168    172        176       180       184      188
//         lutPtr planeBytes threadPtr planeCols bandRows tableChannels
import { field } from "../../describe";
import { describeLayer, LayerParams } from "../../output/layer";

@unmanaged
export class Conv2dParams extends LayerParams {
  scalePtr!: u32; // f32[N,1,Ho,Wo] or 0
  batch!: u32;
  inChannels!: u32; // of all groups
  inHeight!: u32;
  inWidth!: u32;
  outHeight!: u32;
  outWidth!: u32;
  groups!: u32;
  kernelH!: u32;
  kernelW!: u32;
  strideH!: u32;
  strideW!: u32;
  dilationH!: u32;
  dilationW!: u32;
  padTop!: u32;
  padLeft!: u32;
  padValue!: i32; // -1, 0, +1
  lutPtr!: u32; // what a setup kernel made of the weights; 0 where there is none, as are those of the next five that it does not need
  planeBytes!: u32; // of a pair plane, or of a padded plane: multiple of 64
  threadPtr!: u32; // the first thread's own scratch, threadBytes of it
  planeCols!: u32; // positions from row to row of a padded plane
  bandRows!: u32; // output rows of a band of pair planes
  tableChannels!: u32; // that share a look-up in padded planes: 4 or 5
  inputIsReal!: u32; // 1: the input is f32 NCHW, and packing takes its bits as binarize does, with the next two
  signThresholdsPtr!: u32; // f32[C], or 0: all are 0
  signFlipsPtr!: u32; // u32[Cw], or 0
}

export function describeConv2d(): string {
  return (
    describeLayer() +
    field("scalePtr", offsetof<Conv2dParams>("scalePtr")) +
    field("batch", offsetof<Conv2dParams>("batch")) +
    field("inChannels", offsetof<Conv2dParams>("inChannels")) +
    field("inHeight", offsetof<Conv2dParams>("inHeight")) +
    field("inWidth", offsetof<Conv2dParams>("inWidth")) +
    field("outHeight", offsetof<Conv2dParams>("outHeight")) +
    field("outWidth", offsetof<Conv2dParams>("outWidth")) +
    field("groups", offsetof<Conv2dParams>("groups")) +
    field("kernelH", offsetof<Conv2dParams>("kernelH")) +
    field("kernelW", offsetof<Conv2dParams>("kernelW")) +
    field("strideH", offsetof<Conv2dParams>("strideH")) +
    field("strideW", offsetof<Conv2dParams>("strideW")) +
    field("dilationH", offsetof<Conv2dParams>("dilationH")) +
    field("dilationW", offsetof<Conv2dParams>("dilationW")) +
    field("padTop", offsetof<Conv2dParams>("padTop")) +
    field("padLeft", offsetof<Conv2dParams>("padLeft")) +
    field("padValue", offsetof<Conv2dParams>("padValue")) +
    field("lutPtr", offsetof<Conv2dParams>("lutPtr")) +
    field("planeBytes", offsetof<Conv2dParams>("planeBytes")) +
    field("threadPtr", offsetof<Conv2dParams>("threadPtr")) +
    field("planeCols", offsetof<Conv2dParams>("planeCols")) +
    field("bandRows", offsetof<Conv2dParams>("bandRows")) +
    field("tableChannels", offsetof<Conv2dParams>("tableChannels")) +
    field("inputIsReal", offsetof<Conv2dParams>("inputIsReal")) +
    field("signThresholdsPtr", offsetof<Conv2dParams>("signThresholdsPtr")) +
    field("signFlipsPtr", offsetof<Conv2dParams>("signFlipsPtr"))
  );
}
