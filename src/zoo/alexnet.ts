// AlexNet in one column (Krizhevsky, 2014): with torchvision's widths, and with those of 2012 without groups, which Prabhu et al.
// (2018) count. Without batch-norm when real, as there. Binary nets take XNOR-Net's order: batch-norm, sign, convolution, ReLU, pool;
// binary weights alone the usual one: convolution, batch-norm, ReLU, pool. A hybrid's layer fc7 has real inputs,
// and so have fc6 and fc7 of hybrid1.
import { addClassifier, addSigns } from "./block.ts";
import { type Net, type Signal, square } from "./net.ts";
import { kindOf, type NetPlan, PHOTOS, type Variant, type ZooNet } from "./plan.ts";

/** Without their filters, in which the two differ. */
const CONVS = [
  { kernel: 11, stride: 4, pads: 2, hasPool: true },
  { kernel: 5, pads: 2, hasPool: true },
  { kernel: 3, pads: 1 },
  { kernel: 3, pads: 1 },
  { kernel: 3, pads: 1, hasPool: true },
];
const DENSE: [string, readonly Variant[]][] = [
  ["fc6", ["hybrid1"]],
  ["fc7", ["hybrid", "hybrid1"]],
];

export const alexnet = describe("AlexNet in one column", [64, 192, 384, 256, 256]);
export const alexnet2012 = describe("AlexNet with the widths of 2012, without groups", [96, 256, 384, 384, 256]);

function describe(about: string, filters: readonly number[]): ZooNet {
  return {
    about,
    variants: ["fprec", "wbin", "fbin", "hybrid", "hybrid1"],
    size: 224,
    classes: 1000,
    ...PHOTOS,
    build: (net, image, plan) => build(net, image, plan, filters),
  };
}

function build(net: Net, image: Signal, plan: NetPlan, filters: readonly number[]): Signal {
  const { variant, width } = plan;
  let x = image;
  CONVS.forEach(({ hasPool, ...window }, index) => {
    const name = `conv${index + 1}`;
    const kind = index === 0 ? "FPrec" : kindOf(variant);
    x = addSigns(net, name, x, kind);
    x = net.conv(name, x, { kind, filters: width(filters[index] as number), ...window, hasBias: variant === "fprec" });
    x = addActivation(net, name, x, variant, kind !== "FBin");
    if (hasPool) x = net.maxpool(`${name}.pool`, x, square(3, 2));
  });
  for (const [name, realIn] of DENSE) {
    const kind = kindOf(variant, realIn);
    x = addSigns(net, name, x, kind);
    if (x.shape.length > 2) x = net.flatten("flatten", x);
    x = net.dense(name, x, { kind, filters: width(4096), hasBias: variant === "fprec" });
    x = addActivation(net, name, x, variant, kind !== "FBin");
  }
  return addClassifier(net, "fc8", x, plan);
}

function addActivation(net: Net, name: string, x: Signal, variant: Variant, readsReals: boolean): Signal {
  const needsNorm = readsReals && variant !== "fprec";
  return net.relu(`${name}.relu`, needsNorm ? net.norm(`${name}.norm`, x) : x);
}
