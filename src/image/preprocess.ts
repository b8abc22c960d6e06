// From pixels to a model's input, as the model's metadata says: resize, channel order, inversion, normalisation.
import { RunError } from "../graph/errors.ts";
import { countElements, countPlanes, type ElementType, type Preprocess, type Shape } from "../graph/graph.ts";

/** 8-bit pixels, row-major and interleaved: 4 channels RGBA, 3 RGB, or 1 grey; told apart by the length. */
export interface Pixels {
  width: number;
  height: number;
  data: Uint8Array | Uint8ClampedArray;
}

/** What preprocessing needs to know of a model; every loaded model is one. */
export interface PictureModel {
  metadata: { preprocess?: Preprocess };
  inputs: readonly { shape: Shape; type?: ElementType }[];
}

/** Make one item of the model's first input, f32 `CHW`, or where it is int8, pixel - 128. Transparent pixels are laid over white. */
export function preprocess(image: Pixels, model: PictureModel): Float32Array | Int8Array {
  const rule = model.metadata.preprocess;
  if (rule === undefined) {
    throw new RunError(
      "input-missing",
      "the model does not say how images become its input; convert it with --preprocess, or fill the input yourself",
    );
  }
  const { width, height, channels, mean, std, invert } = rule;
  const wanted = countElements((model.inputs[0]?.shape ?? []).slice(1));
  if (countPlanes(rule) * width * height !== wanted) {
    throw new RunError(
      "input-length",
      `the model's ${channels} pictures of ${width}x${height} are not the ${wanted} numbers its input takes; convert it again`,
    );
  }
  const [columns, rows] = frame(image, rule);
  const elems = width * height;
  const planes = splitChannels(image, channels);
  const isInt8 = model.inputs[0]?.type === "i8";
  const output = new (isInt8 ? Int8Array : Float32Array)(planes.length * elems);
  planes.forEach((plane, channel) => {
    const background = meanOfBorder(plane, image.width);
    for (let i = 0; i < elems; i++) {
      let value = 0;
      let seen = 0;
      for (const [y, wy] of rows[Math.floor(i / width)] as Share[]) {
        for (const [x, wx] of columns[i % width] as Share[]) {
          value += wy * wx * (plane[y * image.width + x] as number);
          seen += wy * wx;
        }
      }
      value = (value + (1 - seen) * background) / 255;
      if (invert) value = 1 - value;
      output[channel * elems + i] = isInt8 ? Math.round(255 * value) - 128 : (value - (mean[channel] ?? 0)) / (std[channel] ?? 1);
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
  // Plain loops: this walks every pixel of a picture that may be large.
  const plane = (channel: number) => {
    const values = new Float32Array(elems);
    for (let pixel = 0; pixel < elems; pixel++) {
      const value = data[pixel * channels + channel] as number;
      const alpha = channels === 4 ? (data[pixel * 4 + 3] as number) / 255 : 1;
      values[pixel] = value * alpha + 255 * (1 - alpha);
    }
    return values;
  };
  const red = plane(0);
  const [green, blue] = channels === 1 ? [red, red] : [plane(1), plane(2)];
  if (order === "rgb") return [red, green, blue];
  if (order === "bgr") return [blue, green, red];
  const grey = new Float32Array(elems);
  for (let i = 0; i < elems; i++) grey[i] = 0.299 * (red[i] as number) + 0.587 * (green[i] as number) + 0.114 * (blue[i] as number);
  return [grey];
}

/** A line of the source, by its index, and how much of an output line it makes. */
type Share = [source: number, share: number];

/** For each output column and row what it is made of; part may lie outside with "contain". */
function frame(image: Pixels, { width, height, resize }: Preprocess): [columns: Share[][], rows: Share[][]] {
  const scales = [image.width / width, image.height / height] as const;
  const scale = { stretch: undefined, contain: Math.max(...scales), cover: Math.min(...scales) }[resize];
  return [areaShares(width, image.width, scale ?? scales[0]), areaShares(height, image.height, scale ?? scales[1])];
}

/**
 * Centre `outputs` lines, each `scale` source lines thick, over the `inputs` of the source: the mean of the area under an
 * output line, linear between lines when enlarging. Shares sum to 1 unless part lies outside.
 */
function areaShares(outputs: number, inputs: number, scale: number): Share[][] {
  const isShrinking = scale > 1;
  const reach = Math.max(scale, 1);
  return Array.from({ length: outputs }, (_, output) => {
    const centre = inputs / 2 + (output + 0.5 - outputs / 2) * scale;
    const shares: Share[] = [];
    let total = 0;
    for (let source = Math.floor(centre - reach); source <= centre + reach; source++) {
      // Box of the output line when shrinking, triangle between line centres when enlarging.
      const share = isShrinking
        ? Math.min(source + 1, centre + scale / 2) - Math.max(source, centre - scale / 2)
        : 1 - Math.abs(source + 0.5 - centre);
      if (share <= 0) continue;
      total += share;
      const inside = isShrinking ? source : Math.min(Math.max(source, 0), inputs - 1);
      if (inside >= 0 && inside < inputs) shares.push([inside, share]);
    }
    return shares.map(([source, share]): Share => [source, share / total]);
  });
}

/** What lies outside the image with "contain": white paper, or black when the model takes white on black. */
function meanOfBorder(plane: Float32Array, width: number): number {
  const last = plane.length - width;
  let [sum, count] = [0, 0];
  for (let i = 0; i < plane.length; i++) {
    const isInside = i >= width && i < last && i % width !== 0 && i % width !== width - 1;
    // From the left end of a row's inside to its right end.
    if (isInside) {
      i += width - 3;
      continue;
    }
    sum += plane[i] as number;
    count++;
  }
  return sum / count;
}
