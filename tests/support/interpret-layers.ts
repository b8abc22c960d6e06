// The windowed ops and dense of the test oracle, as the schema describes them and with nothing clever:
// binary layers multiply real +-1 inputs with real weights, so no xor, popcount or border table can be wrong here.
import type { Attributes, Conv2dAttrs, DenseAttrs, LayerAttrs, Weights, Window } from "../../src/graph/attributes.ts";
import type { Numbers } from "../../src/graph/graph.ts";
import { at, fill, read, readBit, type Tensor, zeros } from "./tensor.ts";

/** Told about every comparison that makes a bit: the value and what it was compared with. */
export type Probe = (value: number, threshold: number) => void;

/** Real weights [O][taps][I] and their signs, whatever their kind. */
function openWeights(weights: Weights<Numbers>, filters: number, taps: number, channels: number): { real: Float64Array; sign: Float64Array } {
  const real = new Float64Array(filters * taps * channels);
  const sign = new Float64Array(real.length).fill(1);
  const runBits = Math.ceil(channels / 32) * 32;
  for (let i = 0; i < real.length; i++) {
    if (weights.kind === "float") {
      real[i] = at(weights.data, i);
      continue;
    }
    const filter = Math.floor(i / (taps * channels));
    const run = Math.floor(i / channels);
    const alpha = at(weights.alpha ?? [], filter);
    const isSecond = readBit(weights.data, run * runBits + (i % channels)) === 1;
    const beta = weights.kind === "sign" ? -alpha : at(weights.beta ?? [], filter);
    real[i] = isSecond ? beta : alpha;
    sign[i] = isSecond ? -1 : 1;
  }
  return { real, sign };
}

/** Int8 layers read their real input on the int8 grid; a scale of 0 means each image's own. Scales and quotients are f32. */
function openInput(x: Tensor, attrs: LayerAttrs<Numbers>): Float64Array {
  if (attrs.inputKind !== "int8") return x.data;
  const zero = attrs.inputZeroPoint;
  const perImage = x.data.length / at(x.shape, 0);
  const images = Array.from({ length: at(x.shape, 0) }, (_, n) => {
    const image = x.data.subarray(n * perImage, (n + 1) * perImage);
    const most = image.reduce((max, v) => Math.max(max, Math.abs(v)), 0);
    const scale = attrs.inputScale || Math.fround(most / 127) || 1;
    return image.map((v) => roundToGrid(v, scale, zero));
  });
  return Float64Array.from(images.flatMap((image) => [...image]));
}

/** The real number that an int8 stands for. */
function roundToGrid(v: number, scale: number, zeroPoint: number): number {
  return scale * (Math.min(127, Math.max(-128, roundHalfEven(Math.fround(v / scale)) + zeroPoint)) - zeroPoint);
}

function roundHalfEven(v: number): number {
  const below = Math.floor(v);
  if (v - below !== 0.5) return Math.round(v);
  return below % 2 === 0 ? below : below + 1;
}

/** Sums of one output, and what else it is made of. */
interface Sums {
  real: number;
  signed: number;
  scale: number;
  /** Of the residual, at this output. */
  added: number;
}

function finish(attrs: LayerAttrs<Numbers>, filter: number, { real, signed, scale, added }: Sums, probe: Probe): number {
  let y = real * scale + (attrs.weights.bias ? at(attrs.weights.bias, filter) : 0);
  if (attrs.epilogue) {
    const { hasResidual, addsLast, slope, low, high, scale: gain, bias } = attrs.epilogue;
    if (hasResidual && !addsLast) y += added;
    if (slope && y < 0) y *= at(slope, filter);
    if (low < high) y = Math.min(Math.max(y, low), high);
    if (gain) y *= at(gain, filter);
    if (bias) y += at(bias, filter);
    if (hasResidual && addsLast) y += added;
  }
  if (attrs.quantize) return roundToGrid(y, attrs.quantize.scale, attrs.quantize.zeroPoint);
  if (!attrs.thresholds) return y;
  const { values, flips } = attrs.thresholds;
  const v = values instanceof Int32Array ? signed : y;
  return compare(v, at(values, filter), flips !== undefined && readBit(flips, filter) === 1, probe);
}

/** bit = (v < threshold) != flip, returned as +1 (bit 0) or -1. */
export function compare(v: number, threshold: number, flip: boolean, probe: Probe): number {
  probe(v, threshold);
  return v < threshold !== flip ? -1 : 1;
}

function outLength(length: number, kernel: number, stride: number, dilation: number, before: number, after: number, ceil = false): number {
  const room = length + before + after - (dilation * (kernel - 1) + 1);
  const count = (ceil ? Math.ceil(room / stride) : Math.floor(room / stride)) + 1;
  return ceil && (count - 1) * stride >= length + before ? count - 1 : count;
}

function outShape(x: Tensor, w: Window, channels: number, ceil = false): number[] {
  return [
    at(x.shape, 0),
    channels,
    outLength(at(x.shape, 2), w.kernelH, w.strideH, w.dilationH, w.padTop, w.padBottom, ceil),
    outLength(at(x.shape, 3), w.kernelW, w.strideW, w.dilationW, w.padLeft, w.padRight, ceil),
  ];
}

/** True when the node's last input is added to the output. */
function takesResidual({ epilogue }: LayerAttrs<Numbers>): boolean {
  return epilogue?.hasResidual === true;
}

export function conv2d(attrs: Conv2dAttrs<Numbers>, inputs: readonly Tensor[], probe: Probe): Tensor {
  const others = inputs.slice(1);
  const residual = takesResidual(attrs) ? others.pop() : undefined;
  const [x, scales] = [inputs[0] as Tensor, others[0]];
  const w = attrs.window;
  const [height, width] = [at(x.shape, 2), at(x.shape, 3)];
  const group = attrs.inChannels / attrs.groups;
  const filtersPerGroup = attrs.outChannels / attrs.groups;
  const weights = openWeights(attrs.weights, attrs.outChannels, w.kernelH * w.kernelW, group);
  const input = openInput(x, attrs);
  const outside = attrs.inputKind === "binary" ? attrs.padValue : 0;
  const output = zeros(outShape(x, w, attrs.outChannels));
  const [, , rows, cols] = output.shape as [number, number, number, number];
  let offset = 0;
  for (let n = 0; n < at(x.shape, 0); n++) {
    for (let o = 0; o < attrs.outChannels; o++) {
      const firstChannel = Math.floor(o / filtersPerGroup) * group;
      for (let row = 0; row < rows; row++) {
        for (let col = 0; col < cols; col++) {
          let real = 0;
          let signed = 0;
          for (let kh = 0; kh < w.kernelH; kh++) {
            const ih = row * w.strideH - w.padTop + kh * w.dilationH;
            for (let kw = 0; kw < w.kernelW; kw++) {
              const iw = col * w.strideW - w.padLeft + kw * w.dilationW;
              const isInside = ih >= 0 && ih < height && iw >= 0 && iw < width;
              if (!isInside && outside === 0) continue;
              for (let i = 0; i < group; i++) {
                const v = isInside ? at(input, ((n * attrs.inChannels + firstChannel + i) * height + ih) * width + iw) : outside;
                const index = ((o * w.kernelH + kh) * w.kernelW + kw) * group + i;
                real += v * at(weights.real, index);
                signed += v * at(weights.sign, index);
              }
            }
          }
          const scale = scales ? at(scales.data, (n * rows + row) * cols + col) : 1;
          const added = residual ? at(residual.data, offset) : 0;
          output.data[offset++] = finish(attrs, o, { real, signed, scale, added }, probe);
        }
      }
    }
  }
  return output;
}

export function dense(attrs: DenseAttrs<Numbers>, inputs: readonly Tensor[], probe: Probe): Tensor {
  const x = inputs[0] as Tensor;
  const residual = takesResidual(attrs) ? inputs[1] : undefined;
  const weights = openWeights(attrs.weights, attrs.outFeatures, 1, attrs.inFeatures);
  const input = openInput(x, attrs);
  return fill([...x.shape.slice(0, -1), attrs.outFeatures], (indices, offset) => {
    const o = at(indices, indices.length - 1);
    const row = Math.floor(offset / attrs.outFeatures);
    let real = 0;
    let signed = 0;
    for (let i = 0; i < attrs.inFeatures; i++) {
      const v = at(input, row * attrs.inFeatures + i);
      real += v * at(weights.real, o * attrs.inFeatures + i);
      signed += v * at(weights.sign, o * attrs.inFeatures + i);
    }
    return finish(attrs, o, { real, signed, scale: 1, added: residual ? at(residual.data, offset) : 0 }, probe);
  });
}

/** Values under the window at one output position, padding left out. */
function under(x: Tensor, w: Window, indices: readonly number[]): number[] {
  const [n, c, row, col] = indices as [number, number, number, number];
  const found: number[] = [];
  for (let kh = 0; kh < w.kernelH; kh++) {
    for (let kw = 0; kw < w.kernelW; kw++) {
      const ih = row * w.strideH - w.padTop + kh * w.dilationH;
      const iw = col * w.strideW - w.padLeft + kw * w.dilationW;
      if (ih >= 0 && ih < at(x.shape, 2) && iw >= 0 && iw < at(x.shape, 3)) found.push(read(x, [n, c, ih, iw]));
    }
  }
  return found;
}

export function maxpool(attrs: Attributes<Numbers>["maxpool"], x: Tensor): Tensor {
  const { window, ceilMode, minMask } = attrs;
  return fill(outShape(x, window, at(x.shape, 1), ceilMode), (indices) => {
    const values = under(x, window, indices);
    return minMask && readBit(minMask, at(indices, 1)) ? Math.min(...values) : Math.max(...values);
  });
}

export function avgpool(attrs: Attributes<Numbers>["avgpool"], x: Tensor): Tensor {
  const { window: w, ceilMode, countIncludePad } = attrs;
  const taps = (start: number, kernel: number, dilation: number, end: number) =>
    Array.from({ length: kernel }, (_, k) => start + k * dilation).filter((index) => index < end).length;
  return fill(outShape(x, w, at(x.shape, 1), ceilMode), (indices) => {
    const values = under(x, w, indices);
    const padded =
      taps(at(indices, 2) * w.strideH - w.padTop, w.kernelH, w.dilationH, at(x.shape, 2) + w.padBottom) *
      taps(at(indices, 3) * w.strideW - w.padLeft, w.kernelW, w.dilationW, at(x.shape, 3) + w.padRight);
    return values.reduce((sum, v) => sum + v, 0) / (countIncludePad ? padded : values.length);
  });
}

export function xnorscale(attrs: Attributes<Numbers>["xnorscale"], x: Tensor): Tensor {
  const { window: w } = attrs;
  const channels = at(x.shape, 1);
  const [n, height, width] = [at(x.shape, 0), at(x.shape, 2), at(x.shape, 3)];
  const means = fill([n, 1, height, width], ([image, , row, col]) => {
    let sum = 0;
    for (let c = 0; c < channels; c++) sum += Math.abs(read(x, [image ?? 0, c, row ?? 0, col ?? 0]));
    return sum / channels;
  });
  return fill(outShape(x, w, 1), (indices) => under(means, w, indices).reduce((sum, v) => sum + v, 0) / (w.kernelH * w.kernelW));
}
