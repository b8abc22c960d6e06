// From pixels to a model's input, as the model's metadata says: resize, channel order, inversion, normalisation.
import { RunError } from "../graph/errors.ts";
import type { Preprocess } from "../graph/graph.ts";

/** 8-bit pixels, row-major and interleaved: 4 channels RGBA, 3 RGB, or 1 grey; told apart by the length. */
export interface Pixels {
  width: number;
  height: number;
  data: Uint8Array | Uint8ClampedArray;
}

/** Make one input item, f32 `CHW`. Transparent pixels are laid over white. */
export function preprocess(image: Pixels, model: { metadata: { preprocess?: Preprocess } }): Float32Array {
  const rule = model.metadata.preprocess;
  if (rule === undefined) {
    throw new RunError(
      "input-missing",
      "the model does not say how images become its input; convert it with --preprocess, or fill the input yourself",
    );
  }
  const planes = splitChannels(image, rule.channels);
  const elems = rule.width * rule.height;
  const output = new Float32Array(planes.length * elems);
  planes.forEach((plane, channel) => {
    const resized = resize(plane, image.width, image.height, rule);
    const mean = rule.mean[channel] ?? 0;
    const std = rule.std[channel] ?? 1;
    for (let i = 0; i < elems; i++) {
      const value = (resized[i] as number) / 255;
      output[channel * elems + i] = ((rule.invert ? 1 - value : value) - mean) / std;
    }
  });
  return output;
}

/** Split into planes of 0..255 in the wanted order; RGB becomes grey by the usual luma weights (BT.601). */
function splitChannels({ width, height, data }: Pixels, order: Preprocess["channels"]): Float32Array[] {
  const elems = width * height;
  const channels = data.length / elems;
  if (elems < 1 || ![1, 3, 4].includes(channels)) {
    throw new RunError("input-length", `the image says ${width}x${height} but holds ${data.length} bytes; pass grey, RGB or RGBA pixels`);
  }
  const read = (pixel: number, channel: number): number => {
    const value = data[pixel * channels + (channels === 1 ? 0 : channel)] as number;
    const alpha = channels === 4 ? (data[pixel * 4 + 3] as number) / 255 : 1;
    return value * alpha + 255 * (1 - alpha);
  };
  const plane = (value: (pixel: number) => number) => Float32Array.from({ length: elems }, (_, pixel) => value(pixel));
  if (order === "gray") return [plane((pixel) => 0.299 * read(pixel, 0) + 0.587 * read(pixel, 1) + 0.114 * read(pixel, 2))];
  const indices = order === "rgb" ? [0, 1, 2] : [2, 1, 0];
  return indices.map((channel) => plane((pixel) => read(pixel, channel)));
}

/** The part of the source that fills the output, in source pixels; may reach outside with "contain". */
function frame(width: number, height: number, rule: Preprocess): { left: number; top: number; scaleX: number; scaleY: number } {
  let scaleX = width / rule.width;
  let scaleY = height / rule.height;
  if (rule.resize !== "stretch") scaleX = scaleY = rule.resize === "contain" ? Math.max(scaleX, scaleY) : Math.min(scaleX, scaleY);
  return { left: (width - scaleX * rule.width) / 2, top: (height - scaleY * rule.height) / 2, scaleX, scaleY };
}

/** Resize one plane: the mean of the source area under each output pixel, linear between pixels when enlarging. */
function resize(plane: Float32Array, width: number, height: number, rule: Preprocess): Float32Array {
  if (width === rule.width && height === rule.height) return plane;
  const { left, top, scaleX, scaleY } = frame(width, height, rule);
  // What lies outside the image with "contain": white paper, or black when the model takes white on black.
  const background = plane.length > 0 ? meanOfBorder(plane, width, height) : 0;
  const columns = areaWeights(rule.width, left, scaleX, width);
  const rows = areaWeights(rule.height, top, scaleY, height);
  const output = new Float32Array(rule.width * rule.height);
  rows.forEach((rowWeights, y) => {
    columns.forEach((columnWeights, x) => {
      let sum = 0;
      let weight = 0;
      for (const [sourceY, wy] of rowWeights) {
        for (const [sourceX, wx] of columnWeights) {
          sum += wy * wx * (plane[sourceY * width + sourceX] as number);
          weight += wy * wx;
        }
      }
      output[y * rule.width + x] = sum + (1 - weight) * background;
    });
  });
  return output;
}

/** For each output pixel the source pixels it covers with their share; shares sum to 1 unless part lies outside. */
function areaWeights(outputs: number, offset: number, scale: number, inputs: number): [number, number][][] {
  const reach = Math.max(scale, 1);
  return Array.from({ length: outputs }, (_, output) => {
    const centre = offset + (output + 0.5) * scale;
    const weights: [number, number][] = [];
    let total = 0;
    for (let source = Math.floor(centre - reach); source <= Math.ceil(centre + reach); source++) {
      // Box of the output pixel when shrinking, triangle between pixel centres when enlarging.
      const share =
        scale > 1
          ? Math.max(0, Math.min(source + 1, centre + scale / 2) - Math.max(source, centre - scale / 2))
          : Math.max(0, 1 - Math.abs(source + 0.5 - centre));
      if (share === 0) continue;
      total += share;
      const inside = scale > 1 ? source : Math.min(Math.max(source, 0), inputs - 1);
      if (inside >= 0 && inside < inputs) weights.push([inside, share]);
    }
    return weights.map(([source, share]): [number, number] => [source, share / total]);
  });
}

function meanOfBorder(plane: Float32Array, width: number, height: number): number {
  let sum = 0;
  for (let x = 0; x < width; x++) sum += (plane[x] as number) + (plane[(height - 1) * width + x] as number);
  for (let y = 0; y < height; y++) sum += (plane[y * width] as number) + (plane[y * width + width - 1] as number);
  return sum / (2 * (width + height));
}
