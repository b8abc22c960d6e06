// SqueezeNet 1.1 (Iandola et al., 2016) with batch-norms. Of 444 million MACs that Prabhu et al. (2018) print, 1.1 has 349, and 1.0, which
// their files are, 819. Fire modules squeeze to few channels, then expand them by 1x1 and 3x3 filters. The hybrids follow the released
// files, in which 10, 12 and 18 of 24 layers have real inputs; the paper's figure says 3, 6 and 12, and leaves open which. All of them:
// fire2 and the 1x1 expansions. Hybrid-2 and -1: fire9. Hybrid-1: every squeeze.
import { addConvRelu, addSigns } from "./block.ts";
import { type Net, type Signal, square } from "./net.ts";
import { kindOf, type NetPlan, PHOTOS, type Variant, type ZooNet } from "./plan.ts";

const FIRES = [
  { squeeze: 16, expand: 64 },
  { squeeze: 16, expand: 64, hasPool: true },
  { squeeze: 32, expand: 128 },
  { squeeze: 32, expand: 128, hasPool: true },
  { squeeze: 48, expand: 192 },
  { squeeze: 48, expand: 192 },
  { squeeze: 64, expand: 256 },
  { squeeze: 64, expand: 256 },
];

const HYBRIDS: readonly Variant[] = ["hybrid", "hybrid1", "hybrid3"];

export const squeezenet: ZooNet = {
  about: "SqueezeNet 1.1 with batch-norms",
  variants: ["fprec", "wbin", "fbin", ...HYBRIDS],
  size: 224,
  classes: 1000,
  ...PHOTOS,

  build(net, image, plan) {
    let x = addConvRelu(net, "conv1", image, { kind: "FPrec", filters: plan.width(64), kernel: 3, stride: 2 });
    x = net.maxpool("conv1.pool", x, square(3, 2));
    FIRES.forEach(({ hasPool, ...fire }, index) => {
      x = addFire(net, index + 2, x, fire, plan);
      if (hasPool) x = net.maxpool(`fire${index + 2}.pool`, x, square(3, 2));
    });
    const { last: kind, classes } = plan;
    x = net.conv("conv10", addSigns(net, "conv10", x, kind), { kind, filters: classes, kernel: 1, hasBias: true });
    return net.globalpool("pool", net.relu("conv10.relu", x));
  },
};

function addFire(net: Net, index: number, x: Signal, { squeeze, expand }: { squeeze: number; expand: number }, { variant, width }: NetPlan): Signal {
  const name = `fire${index}`;
  const whole: readonly Variant[] = index === 2 ? HYBRIDS : index === 9 ? ["hybrid", "hybrid1"] : [];
  const thin = addConvRelu(net, `${name}.squeeze`, x, { kind: kindOf(variant, [...whole, "hybrid1"]), filters: width(squeeze), kernel: 1 });
  const filters = width(expand);
  const points = addConvRelu(net, `${name}.expand1x1`, thin, { kind: kindOf(variant, HYBRIDS), filters, kernel: 1 });
  const squares = addConvRelu(net, `${name}.expand3x3`, thin, { kind: kindOf(variant, whole), filters, kernel: 3, pads: 1 });
  return net.concat(`${name}.concat`, [points, squares]);
}
