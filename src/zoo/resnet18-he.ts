// ResNet-18 with He's blocks in all variants, the net of Prabhu et al. (2018): shortcut convolutions are binary like the others, so that
// 19 of 21 layers are. Binary inputs: batch-norm, sign, convolution; real ones: convolution, batch-norm; ReLU behind the first
// convolution and the sum. Hybrid-2: the last two convolutions. Hybrid-1: the last six and the last shortcut. That is the paper's
// figure; the released hybrid files give real inputs to all shortcuts, with which the printed MACs do not come out.
import { addClassifier, addConv, addConvRelu } from "./block.ts";
import { square } from "./net.ts";
import { kindOf, PHOTOS, type ZooNet } from "./plan.ts";
import { realInputs, STAGES } from "./resnet18.ts";

export const resnet18He: ZooNet = {
  about: "ResNet-18 with He's blocks in all variants",
  variants: ["fprec", "wbin", "fbin", "hybrid", "hybrid1"],
  size: 224,
  classes: 1000,
  ...PHOTOS,

  build(net, image, plan) {
    let x = addConvRelu(net, "conv1", image, { kind: "FPrec", filters: plan.width(64), kernel: 7, stride: 2, pads: 3 });
    x = net.maxpool("conv1.pool", x, square(3, 2, 1));
    STAGES.forEach((channels, stage) => {
      for (const block of [0, 1]) {
        const name = `layer${stage + 1}.${block}`;
        const kind = kindOf(plan.variant, realInputs(stage, block));
        const stride = stage > 0 && block === 0 ? 2 : 1;
        const shape = { kind, filters: plan.width(channels) };
        const y = addConvRelu(net, `${name}.conv1`, x, { ...shape, kernel: 3, stride, pads: 1 });
        const sum = addConv(net, `${name}.conv2`, y, { ...shape, kernel: 3, pads: 1 });
        const shortcut = stride > 1 ? addConv(net, `${name}.shortcut`, x, { ...shape, kernel: 1, stride }) : x;
        x = net.relu(`${name}.relu2`, net.add(`${name}.add`, sum, shortcut));
      }
    });
    return addClassifier(net, "fc", net.globalpool("pool", x), plan);
  },
};
