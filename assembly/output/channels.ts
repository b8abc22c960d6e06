// Output stage of tiles of one pixel whose dots lie side by side, lanes = filters: dense layers of few rows. The order of operations is
// that of outputValue. SIMD builds only.
import { Comparison } from "./comparison";
import { flipWord, outputValue } from "./element";
import { LayerParams } from "./layer";
import { areChannelsBelow } from "./levels";
import { OutputTile } from "./tile";

/** Write all values of the tile to `out`, which may be the tile's dots themselves. */
export function writeFloatChannels(layer: LayerParams, tile: OutputTile, out: u32): void {
  const dots = tile.dotsPtr;
  const constants = tile.firstFilter << 2;
  const sum: f32 = layer.betaPtr ? load<f32>(tile.sumsPtr) : 0;
  const end = tile.filters << 2;
  const wholeEnd = end & ~15;
  const half = f32x4.splat(0.5);
  const sums = f32x4.splat(sum);
  const zero = f32x4.splat(0);
  let at: u32 = 0;
  for (; at < wholeEnd; at += 16) {
    let value = v128.load(dots + at);
    if (layer.alphaPtr) {
      let factor = v128.load(layer.alphaPtr + constants + at);
      if (layer.betaPtr) {
        const beta = v128.load(layer.betaPtr + constants + at);
        const sumFactor = f32x4.mul(f32x4.add(factor, beta), half);
        factor = f32x4.mul(f32x4.sub(factor, beta), half);
        value = f32x4.add(f32x4.mul(value, factor), f32x4.mul(sums, sumFactor));
      } else {
        value = f32x4.mul(value, factor);
      }
    }
    v128.store(out + at, f32x4.add(value, layer.biasPtr ? v128.load(layer.biasPtr + constants + at) : zero));
  }
  for (; at < end; at += 4) store<f32>(out + at, outputValue(layer, (constants + at) >> 2, load<f32>(dots + at), sum, 1));
}

/** Write the tile's bits into whole words; its first filter is the first of a word. */
export function writeBitChannels(layer: LayerParams, tile: OutputTile, comparison: Comparison): void {
  const end = tile.firstFilter + tile.filters;
  let values = tile.dotsPtr;
  let out = tile.outPtr + (tile.firstFilter >> 3);
  for (let channel = tile.firstFilter; channel < end; channel += 32, values += 128, out += 4) {
    const count = min<u32>(end - channel, 32);
    let word: u32 = 0;
    for (let i: u32 = 0; i < count; i += 4) {
      const at = values + (i << 2);
      if (comparison == Comparison.LEVELS) {
        const sum = f64x2.splat(load<f32>(tile.sumsPtr) as f64);
        word |= (areChannelsBelow(layer, channel + i, at, sum) | (areChannelsBelow(layer, channel + i + 2, at + 8, sum) << 2)) << i;
        continue;
      }
      const value = v128.load(at);
      const threshold = v128.load(layer.thresholdsPtr + ((channel + i) << 2));
      word |= i32x4.bitmask(comparison == Comparison.DOTS ? i32x4.lt_s(value, threshold) : f32x4.lt(value, threshold)) << i;
    }
    store<u32>(out, (word ^ flipWord(layer, channel)) & (u32.MAX_VALUE >> (32 - count)));
  }
}
