// GoogLeNet (Szegedy et al., 2014) with batch-norms and without auxiliary classifiers, as Prabhu et al. (2018) train it. Their papers
// have no hybrid of it. Where inputs are binary each convolution of a module has batch-norm and signs of its own.
import { addClassifier, addConvRelu } from "./block.ts";
import { type Net, type Signal, square } from "./net.ts";
import { kindOf, type NetPlan, PHOTOS, type ZooNet } from "./plan.ts";

/** Filters of 1x1; of 3x3 and 5x5, each behind a 1x1 that reduces; of the 1x1 behind the pool. */
const MODULES = [
  { name: "3a", one: 64, three: [96, 128], five: [16, 32], pool: 32 },
  { name: "3b", one: 128, three: [128, 192], five: [32, 96], pool: 64, isStageEnd: true },
  { name: "4a", one: 192, three: [96, 208], five: [16, 48], pool: 64 },
  { name: "4b", one: 160, three: [112, 224], five: [24, 64], pool: 64 },
  { name: "4c", one: 128, three: [128, 256], five: [24, 64], pool: 64 },
  { name: "4d", one: 112, three: [144, 288], five: [32, 64], pool: 64 },
  { name: "4e", one: 256, three: [160, 320], five: [32, 128], pool: 128, isStageEnd: true },
  { name: "5a", one: 256, three: [160, 320], five: [32, 128], pool: 128 },
  { name: "5b", one: 384, three: [192, 384], five: [48, 128], pool: 128 },
] as const;

type Module = (typeof MODULES)[number];

export const googlenet: ZooNet = {
  about: "GoogLeNet with batch-norms",
  variants: ["fprec", "wbin", "fbin"],
  size: 224,
  classes: 1000,
  ...PHOTOS,

  build(net, image, plan) {
    const kind = kindOf(plan.variant);
    let x = addConvRelu(net, "conv1", image, { kind: "FPrec", filters: plan.width(64), kernel: 7, stride: 2, pads: 3 });
    x = net.maxpool("conv1.pool", x, square(3, 2, 1));
    x = addConvRelu(net, "conv2", x, { kind, filters: plan.width(64), kernel: 1 });
    x = addConvRelu(net, "conv3", x, { kind, filters: plan.width(192), kernel: 3, pads: 1 });
    x = net.maxpool("conv3.pool", x, square(3, 2, 1));
    for (const module of MODULES) {
      x = addModule(net, x, module, plan);
      if ("isStageEnd" in module) x = net.maxpool(`${module.name}.pool`, x, square(3, 2, 1));
    }
    return addClassifier(net, "fc", net.globalpool("pool", x), plan);
  },
};

function addModule(net: Net, x: Signal, { name, one, three, five, pool }: Module, { variant, width }: NetPlan): Signal {
  const kind = kindOf(variant);
  const add = (part: string, input: Signal, filters: number, kernel = 1) =>
    addConvRelu(net, `${name}.${part}`, input, { kind, filters: width(filters), kernel, pads: (kernel - 1) / 2 });
  return net.concat(`${name}.concat`, [
    add("1x1", x, one),
    add("3x3", add("3x3.reduce", x, three[0]), three[1], 3),
    add("5x5", add("5x5.reduce", x, five[0]), five[1], 5),
    add("pooled", net.maxpool(`${name}.maxpool`, x, square(3, 1, 1)), pool),
  ]);
}
