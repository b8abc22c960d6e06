// The VGG-like net for CIFAR of Prabhu et al. (2018, distribution-aware binarization): 32x32 photographs, convolutions with a bias,
// a pool behind every second one, then all pixels to 1024 features. Binary inputs: batch-norm, sign, convolution, ReLU; real ones:
// convolution, batch-norm, ReLU. The papers have no hybrid of it.
import { addConvRelu, addSigns } from "./block.ts";
import { square } from "./net.ts";
import { kindOf, type ZooNet } from "./plan.ts";

const CONVS = [128, 128, 256, 256, 512, 512];

export const cifarvgg: ZooNet = {
  about: "a VGG-like net for CIFAR-10",
  variants: ["fprec", "wbin", "fbin"],
  size: 32,
  classes: 10,
  channels: "rgb",
  normalize: { mean: [0.4914, 0.4822, 0.4465], std: [0.2023, 0.1994, 0.201], invert: false },

  build(net, image, { variant, last, classes, width }) {
    let x = image;
    CONVS.forEach((filters, index) => {
      const name = `conv${index + 1}`;
      const kind = index === 0 ? "FPrec" : kindOf(variant);
      x = addConvRelu(net, name, x, { kind, filters: width(filters), kernel: 3, pads: 1, hasBias: true });
      if (index % 2 === 1) x = net.maxpool(`${name}.pool`, x, square(2, 2));
    });
    const kernel = x.shape[2] as number;
    x = addConvRelu(net, "conv7", x, { kind: kindOf(variant), filters: width(1024), kernel, hasBias: true });
    x = net.conv("conv8", addSigns(net, "conv8", x, last), { kind: last, filters: classes, kernel: 1, hasBias: true });
    return net.flatten("scores", x);
  },
};
