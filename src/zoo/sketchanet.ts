// Sketch-A-Net (Yu et al., 2015) as Prabhu et al. (2018) train it: 225x225 line drawings. Binary inputs: batch-norm,
// sign, convolution, ReLU, pool; real ones: convolution, batch-norm, ReLU, pool. A hybrid's conv7 has real inputs,
// and so have conv6 and conv7 of hybrid1.
import { addConvRelu, addSigns } from "./block.ts";
import { square } from "./net.ts";
import { kindOf, type Variant, type ZooNet } from "./plan.ts";

const CONVS = [
  { filters: 64, kernel: 15, stride: 3, hasPool: true },
  { filters: 128, kernel: 5, hasPool: true },
  { filters: 256, kernel: 3, pads: 1 },
  { filters: 256, kernel: 3, pads: 1 },
  { filters: 256, kernel: 3, pads: 1, hasPool: true },
  { filters: 512, kernel: "all" },
  { filters: 512, kernel: 1 },
] as const;

const REAL_INPUTS: Record<string, readonly Variant[]> = { conv6: ["hybrid1"], conv7: ["hybrid", "hybrid1"] };

export const sketchanet: ZooNet = {
  about: "Sketch-A-Net for line drawings",
  variants: ["fprec", "wbin", "fbin", "hybrid", "hybrid1"],
  size: 225,
  classes: 250,
  channels: "gray",
  normalize: { mean: [0.06], std: [0.93], invert: true },

  build(net, image, { variant, last, classes, width }) {
    let x = image;
    CONVS.forEach((layer, index) => {
      const name = `conv${index + 1}`;
      const kind = index === 0 ? "FPrec" : kindOf(variant, REAL_INPUTS[name]);
      const kernel = layer.kernel === "all" ? (x.shape[2] as number) : layer.kernel;
      x = addConvRelu(net, name, x, { kind, ...layer, filters: width(layer.filters), kernel });
      if ("hasPool" in layer) x = net.maxpool(`${name}.pool`, x, square(3, 2));
    });
    x = net.conv("conv8", addSigns(net, "conv8", x, last), { kind: last, filters: classes, kernel: 1, hasBias: true });
    return net.flatten("scores", x);
  },
};
