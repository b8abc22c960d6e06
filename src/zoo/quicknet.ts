// A net like QuickNetSmall of Larq Zoo (Bannink et al., 2021): a thin stem, four sections of residual 3x3 convolutions
// (sign, convolution with a border of +1, ReLU, batch-norm, sum), and between them a blurred max pool and a real 1x1
// convolution. With real inputs the sign is left out and the border is 0. A hybrid's last two convolutions have them.
import { addClassifier } from "./block.ts";
import { type Net, type Signal, square } from "./net.ts";
import { kindOf, PHOTOS, type ZooNet } from "./plan.ts";

const SECTIONS = [32, 64, 256, 512];
const BLOCKS = 4;
/** Binomial: what a blurring pool weighs its pixels with. */
const BLUR = [1, 2, 1, 2, 4, 2, 1, 2, 1].map((weight) => weight / 16);

export const quicknet: ZooNet = {
  about: "a net like Larq's QuickNetSmall",
  variants: ["fprec", "wbin", "fbin", "hybrid"],
  size: 224,
  classes: 1000,
  ...PHOTOS,

  build(net, image, plan) {
    const { variant, width } = plan;
    let x = addStem(net, image, width(SECTIONS[0] as number), width(8));
    SECTIONS.forEach((filters, section) => {
      if (section > 0) x = addTransition(net, `transition${section}`, x, width(filters));
      for (let block = 0; block < BLOCKS; block++) {
        const name = `section${section + 1}.${block}`;
        const kind = kindOf(variant, section === SECTIONS.length - 1 && block >= BLOCKS - 2 ? ["hybrid"] : []);
        const isBinary = kind === "FBin";
        const input = isBinary ? net.pad(`${name}.pad`, net.sign(`${name}.sign`, x), 1, 1) : x;
        let y = net.conv(`${name}.conv`, input, { kind, filters: width(filters), kernel: 3, pads: isBinary ? 0 : 1 });
        y = net.norm(`${name}.norm`, net.relu(`${name}.relu`, y));
        x = net.add(`${name}.add`, y, x);
      }
    });
    const pooled = net.globalpool("pool", net.relu("relu", x));
    return addClassifier(net, "fc", pooled, plan);
  },
};

function addStem(net: Net, image: Signal, filters: number, thin: number): Signal {
  let x = net.conv("stem1", image, { kind: "FPrec", filters: thin, kernel: 3, stride: 2, pads: 1 });
  x = net.relu("stem1.relu", net.norm("stem1.norm", x));
  x = net.conv("stem2", x, { kind: "FPrec", filters: thin, kernel: 3, stride: 2, pads: 1, groups: thin });
  return net.norm("stem3.norm", net.conv("stem3", x, { kind: "FPrec", filters, kernel: 1 }));
}

function addTransition(net: Net, name: string, x: Signal, filters: number): Signal {
  const channels = x.shape[1] as number;
  let y = net.relu(`${name}.relu`, x);
  y = net.maxpool(`${name}.pool`, y, { ...square(2, 1), padBottom: 1, padRight: 1 });
  const weights = Float32Array.from({ length: channels * BLUR.length }, (_, i) => BLUR[i % BLUR.length] as number);
  y = net.conv(`${name}.blur`, y, { kind: "FPrec", filters: channels, kernel: 3, stride: 2, pads: 1, groups: channels, weights });
  return net.norm(`${name}.norm`, net.conv(name, y, { kind: "FPrec", filters, kernel: 1 }));
}
