// Turns a dense layer on a flattened map of bits into a convolution whose window is the whole map. Flattening moves every bit, because maps have their
// channels last in memory and channels of bits fill whole words; permuting the stored weights once moves none, and the kernels are the same.
import { countWords, type Numbers, type Shape } from "../graph/graph.ts";
import type { Draft } from "./draft.ts";
import { explain, type PassContext } from "./pass.ts";

/** Channels that leave their words empty make more of them; above this ratio that costs more than flattening. Arbitrary. */
const MOST_WORDS = 1.25;

export function flattenDense(draft: Draft, context: PassContext): void {
  for (const dense of [...draft.nodes]) {
    if (dense.op !== "dense" || dense.attrs.inputKind !== "binary" || dense.inputs.length > 1) continue;
    const { inFeatures, outFeatures, weights, ...rest } = dense.attrs;
    const reshape = draft.producerOf(draft.inputOf(dense));
    if (reshape?.op !== "reshape" || draft.shapeOf(draft.inputOf(dense)).length !== 2) continue;
    const before = draft.producerOf(draft.inputOf(reshape));
    const transpose = before?.op === "transpose" ? before : undefined;
    const map = draft.inputOf(transpose ?? reshape);
    const shape = draft.shapeOf(map);
    const perm = transpose?.attrs.perm ?? [0, 1, 2, 3];
    if (draft.value(map).type !== "bits" || shape.length !== 4 || perm[0] !== 0 || shape[0] !== draft.shapeOf(draft.outputOf(dense))[0]) continue;
    const [, channels = 1, height = 1, width = 1] = shape;
    if (height * width === 1 || channels * height * width !== inFeatures) continue;
    if (height * width * countWords(channels) > MOST_WORDS * countWords(inFeatures)) continue;
    const result = draft.outputOf(dense);
    const made = draft.addValue(`${dense.name}_map`, draft.value(result).type, [shape[0] as number, outFeatures, 1, 1]);
    draft.remove(dense);
    draft.addNode({
      ...dense,
      op: "conv2d",
      attrs: {
        ...rest,
        weights: { ...weights, data: permute(weights.data, outFeatures, shape, perm) },
        inChannels: channels,
        outChannels: outFeatures,
        groups: 1,
        window: { ...POINT, kernelH: height, kernelW: width },
        padValue: 0,
      },
      inputs: [map],
      outputs: [made],
    });
    draft.addNode({ name: `${dense.name}_flat`, op: "reshape", attrs: { shape: [...draft.shapeOf(result)] }, inputs: [made], outputs: [result] });
    explain(context, dense.name, { fused: "its window is the whole map, which is not flattened" });
  }
}

const POINT = { strideH: 1, strideW: 1, dilationH: 1, dilationW: 1, padTop: 0, padLeft: 0, padBottom: 0, padRight: 0 } as const;

/** Weights of one row of bits a filter, in the order in which `perm` of the map is flattened, as OHW[Iw]. */
function permute(rows: Numbers, filters: number, [, ...map]: Shape, perm: readonly number[]): Uint32Array {
  const [channels, height, width] = map as [number, number, number];
  const words = countWords(channels);
  const rowWords = countWords(channels * height * width);
  // How far apart neighbours along channels, rows and columns of the map are in the flattened order.
  const step = [0, 0, 0];
  perm.slice(1).reduceRight((run, axis) => {
    step[axis - 1] = run;
    return run * (map[axis - 1] as number);
  }, 1);
  const [stepC = 0, stepH = 0, stepW = 0] = step;
  const packed = new Uint32Array(filters * height * width * words);
  for (let o = 0, at = 0; o < filters; o++) {
    for (let h = 0; h < height; h++) {
      for (let w = 0; w < width; w++, at += words) {
        for (let c = 0; c < channels; c++) {
          const from = c * stepC + h * stepH + w * stepW;
          const bit = ((rows[o * rowWords + (from >> 5)] as number) >>> (from & 31)) & 1;
          if (bit === 1) packed[at + (c >> 5)] = (packed[at + (c >> 5)] as number) | (1 << (c & 31));
        }
      }
    }
  }
  return packed;
}
