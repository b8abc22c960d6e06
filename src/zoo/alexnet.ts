// AlexNet in one column (Krizhevsky, 2014; the widths are torchvision's). Without batch-norm when real, as there. Binary
// nets take XNOR-Net's order: batch-norm, sign, convolution, ReLU, pool; binary weights alone the usual one:
// convolution, batch-norm, ReLU, pool. A hybrid's layer fc7 has real inputs.
import { type Net, type Signal, square } from "./net.ts";
import { kindOf, PHOTOS, type Variant, type ZooNet } from "./plan.ts";

const CONVS = [
  { filters: 64, kernel: 11, stride: 4, pads: 2, hasPool: true },
  { filters: 192, kernel: 5, pads: 2, hasPool: true },
  { filters: 384, kernel: 3, pads: 1 },
  { filters: 256, kernel: 3, pads: 1 },
  { filters: 256, kernel: 3, pads: 1, hasPool: true },
];
const DENSE = ["fc6", "fc7"];

export const alexnet: ZooNet = {
  about: "AlexNet in one column",
  size: 224,
  classes: 1000,
  ...PHOTOS,

  build(net, image, { variant, classes, width }) {
    let x = image;
    CONVS.forEach(({ hasPool, filters, ...window }, index) => {
      const name = `conv${index + 1}`;
      const kind = index === 0 ? "FPrec" : kindOf(variant, false);
      if (kind === "FBin") x = net.sign(`${name}.sign`, net.norm(`${name}.norm`, x));
      x = net.conv(name, x, { kind, filters: width(filters), ...window, hasBias: variant === "fprec" });
      x = addActivation(net, name, x, variant, kind !== "FBin");
      if (hasPool) x = net.maxpool(`${name}.pool`, x, square(3, 2));
    });
    DENSE.forEach((name) => {
      const kind = kindOf(variant, name === "fc7");
      if (kind === "FBin") x = net.sign(`${name}.sign`, net.norm(`${name}.norm`, x));
      if (x.shape.length > 2) x = net.flatten("flatten", x);
      x = net.dense(name, x, { kind, filters: width(4096), hasBias: variant === "fprec" });
      x = addActivation(net, name, x, variant, kind !== "FBin");
    });
    return net.dense("fc8", x, { kind: "FPrec", filters: classes, hasBias: true });
  },
};

function addActivation(net: Net, name: string, x: Signal, variant: Variant, readsReals: boolean): Signal {
  const needsNorm = readsReals && variant !== "fprec";
  return net.relu(`${name}.relu`, needsNorm ? net.norm(`${name}.norm`, x) : x);
}
