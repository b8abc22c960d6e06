// Sketch-A-Net (Yu et al., 2015) as Prabhu et al. (2018) train it: 225x225 line drawings. Binary inputs: batch-norm,
// sign, convolution, ReLU, pool; real ones: convolution, batch-norm, ReLU, pool. A hybrid's conv7 has real inputs.
import { square } from "./net.ts";
import { kindOf, type ZooNet } from "./plan.ts";

const CONVS = [
  { filters: 64, kernel: 15, stride: 3, hasPool: true },
  { filters: 128, kernel: 5, hasPool: true },
  { filters: 256, kernel: 3, pads: 1 },
  { filters: 256, kernel: 3, pads: 1 },
  { filters: 256, kernel: 3, pads: 1, hasPool: true },
  { filters: 512, kernel: "all" },
  { filters: 512, kernel: 1 },
] as const;

export const sketchanet: ZooNet = {
  about: "Sketch-A-Net for line drawings",
  size: 225,
  classes: 250,
  channels: "gray",
  normalize: { mean: [0.06], std: [0.93], invert: true },

  build(net, image, { variant, classes, width }) {
    let x = image;
    CONVS.forEach((layer, index) => {
      const name = `conv${index + 1}`;
      const kind = index === 0 ? "FPrec" : kindOf(variant, name === "conv7");
      const kernel = layer.kernel === "all" ? (x.shape[2] as number) : layer.kernel;
      if (kind === "FBin") x = net.sign(`${name}.sign`, net.norm(`${name}.norm`, x));
      x = net.conv(name, x, { kind, ...layer, filters: width(layer.filters), kernel });
      if (kind !== "FBin") x = net.norm(`${name}.norm`, x);
      x = net.relu(`${name}.relu`, x);
      if ("hasPool" in layer) x = net.maxpool(`${name}.pool`, x, square(3, 2));
    });
    return net.flatten("scores", net.conv("conv8", x, { kind: "FPrec", filters: classes, kernel: 1, hasBias: true }));
  },
};
