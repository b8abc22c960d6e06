// The layers that are timed: those of ResNet-18 (He et al., 2015) at 224x224, of Sketch-A-Net (Yu et al., 2015) at
// 225x225, and one large dense layer. Square images, square windows, batch 1.

export interface LayerShape {
  name: string;
  /** Rows of one table. */
  group: "3x3" | "3x3, stride 2" | "1x1" | "first" | "dense" | "Sketch-A-Net";
  op: "conv2d" | "dense";
  inChannels: number;
  outChannels: number;
  /** Input height and width; 1 for dense. */
  side: number;
  kernel: number;
  stride: number;
  pads: number;
}

export function outSide({ side, kernel, stride, pads }: LayerShape): number {
  return Math.floor((side + 2 * pads - kernel) / stride) + 1;
}

export function countMacs(shape: LayerShape): number {
  return outSide(shape) ** 2 * shape.outChannels * countDepth(shape);
}

/** Products of one output. */
export function countDepth({ kernel, inChannels }: LayerShape): number {
  return kernel ** 2 * inChannels;
}

function conv(
  group: LayerShape["group"],
  name: string,
  side: number,
  inChannels: number,
  outChannels: number,
  kernel = 3,
  stride = 1,
  pads = 1,
): LayerShape {
  return { name, group, op: "conv2d", inChannels, outChannels, side, kernel, stride, pads };
}

function dense(group: LayerShape["group"], name: string, inChannels: number, outChannels: number): LayerShape {
  return { name, group, op: "dense", inChannels, outChannels, side: 1, kernel: 1, stride: 1, pads: 0 };
}

export const SHAPES: readonly LayerShape[] = [
  conv("3x3", "56x56x64", 56, 64, 64),
  conv("3x3", "28x28x128", 28, 128, 128),
  conv("3x3", "14x14x256", 14, 256, 256),
  conv("3x3", "7x7x512", 7, 512, 512),
  conv("3x3, stride 2", "56x56x64 to 128", 56, 64, 128, 3, 2),
  conv("3x3, stride 2", "28x28x128 to 256", 28, 128, 256, 3, 2),
  conv("3x3, stride 2", "14x14x256 to 512", 14, 256, 512, 3, 2),
  conv("1x1", "28x28x64 to 128", 28, 64, 128, 1, 1, 0),
  conv("1x1", "14x14x128 to 256", 14, 128, 256, 1, 1, 0),
  conv("1x1", "7x7x256 to 512", 7, 256, 512, 1, 1, 0),
  conv("first", "7x7 /2, 224x224x3 to 64", 224, 3, 64, 7, 2, 3),
  dense("dense", "512 to 1000", 512, 1000),
  dense("dense", "4096 to 4096", 4096, 4096),
  conv("Sketch-A-Net", "conv1 15x15 /3, 225x225x1 to 64", 225, 1, 64, 15, 3, 0),
  conv("Sketch-A-Net", "conv2 5x5, 35x35x64 to 128", 35, 64, 128, 5, 1, 0),
  conv("Sketch-A-Net", "conv3 3x3, 15x15x128 to 256", 15, 128, 256),
  conv("Sketch-A-Net", "conv4 3x3, 15x15x256", 15, 256, 256),
  conv("Sketch-A-Net", "conv6 7x7, 7x7x256 to 512", 7, 256, 512, 7, 1, 0),
  conv("Sketch-A-Net", "conv7 1x1, 1x1x512", 1, 512, 512, 1, 1, 0),
];
