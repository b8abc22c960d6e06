// ResNet-18 (He et al., 2015). Binary inputs follow Bi-Real Net and ReActNet: shift, sign, convolution, batch-norm, and a
// shortcut around every convolution; where the picture shrinks the shortcut is an average pool and a real 1x1
// convolution. A hybrid's last block, its last two 3x3 convolutions, has real inputs; hybrid1's last three blocks have them.
// Binary weights alone keep He's blocks.
import type { LayerKind } from "../ops/layer-kind.ts";
import { addClassifier } from "./block.ts";
import { type Net, type Signal, square } from "./net.ts";
import { kindOf, PHOTOS, type Variant, type ZooNet } from "./plan.ts";

export const STAGES = [64, 128, 256, 512];

export const resnet18: ZooNet = {
  about: "ResNet-18; Bi-Real blocks where inputs are binary",
  variants: ["fprec", "wbin", "fbin", "hybrid", "hybrid1"],
  size: 224,
  classes: 1000,
  ...PHOTOS,

  build(net, image, plan) {
    const { variant, width } = plan;
    let x = net.conv("conv1", image, { kind: "FPrec", filters: width(64), kernel: 7, stride: 2, pads: 3 });
    x = net.norm("conv1.norm", x);
    if (variant === "fprec" || variant === "wbin") x = net.relu("conv1.relu", x);
    x = net.maxpool("conv1.pool", x, square(3, 2, 1));
    STAGES.forEach((channels, stage) => {
      for (const block of [0, 1]) {
        const kind = kindOf(variant, realInputs(stage, block));
        const stride = stage > 0 && block === 0 ? 2 : 1;
        const addBlock = kind === "FBin" ? addBinaryBlock : addRealBlock;
        x = addBlock(net, `layer${stage + 1}.${block}`, x, kind, width(channels), stride);
      }
    });
    return addClassifier(net, "fc", net.globalpool("pool", x), plan);
  },
};

/** The hybrids in which a block has real inputs: Hybrid-2 the last one, Hybrid-1 the last three. */
export function realInputs(stage: number, block: number): readonly Variant[] {
  const behind = 2 * (STAGES.length - 1 - stage) + (1 - block);
  if (behind === 0) return ["hybrid", "hybrid1"];
  return behind <= 2 ? ["hybrid1"] : [];
}

/** Real inputs: one shortcut around two convolutions, ReLU after the sum. */
function addRealBlock(net: Net, name: string, x: Signal, kind: LayerKind, filters: number, stride: number): Signal {
  let y = net.conv(`${name}.conv1`, x, { kind, filters, kernel: 3, stride, pads: 1 });
  y = net.relu(`${name}.relu1`, net.norm(`${name}.norm1`, y));
  y = net.conv(`${name}.conv2`, y, { kind, filters, kernel: 3, pads: 1 });
  y = net.norm(`${name}.norm2`, y);
  let shortcut = x;
  if (stride > 1) {
    shortcut = net.conv(`${name}.shortcut`, x, { kind, filters, kernel: 1, stride });
    shortcut = net.norm(`${name}.shortcut.norm`, shortcut);
  }
  return net.relu(`${name}.relu2`, net.add(`${name}.add`, y, shortcut));
}

/** Binary inputs: a shortcut around each convolution carries what the signs lose. */
function addBinaryBlock(net: Net, name: string, x: Signal, kind: LayerKind, filters: number, stride: number): Signal {
  let shortcut = x;
  if (stride > 1) {
    shortcut = net.avgpool(`${name}.shortcut.pool`, x, square(2, 2));
    shortcut = net.conv(`${name}.shortcut`, shortcut, { kind: "FPrec", filters, kernel: 1 });
    shortcut = net.norm(`${name}.shortcut.norm`, shortcut);
  }
  const first = addSignConv(net, `${name}.conv1`, x, shortcut, kind, filters, stride);
  return addSignConv(net, `${name}.conv2`, first, first, kind, filters, 1);
}

function addSignConv(net: Net, name: string, x: Signal, shortcut: Signal, kind: LayerKind, filters: number, stride: number): Signal {
  const signs = net.shiftedSign(`${name}.sign`, x);
  const y = net.conv(name, signs, { kind, filters, kernel: 3, stride, pads: 1 });
  return net.add(`${name}.add`, net.norm(`${name}.norm`, y), shortcut);
}
