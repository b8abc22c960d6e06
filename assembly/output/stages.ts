// The constants of an epilogue's stages, with those that change nothing where a stage is absent.
import { LayerParams } from "./layer";

// @ts-ignore: decorator
@inline
export function lowOf(layer: LayerParams): f32 {
  return layer.low < layer.high && layer.low > -f32.MAX_VALUE ? layer.low : -Infinity;
}

// @ts-ignore: decorator
@inline
export function highOf(layer: LayerParams): f32 {
  return layer.low < layer.high && layer.high < f32.MAX_VALUE ? layer.high : Infinity;
}

// @ts-ignore: decorator
@inline
export function hasAffine(layer: LayerParams): bool {
  return (layer.outScalePtr | layer.outBiasPtr) != 0;
}

// @ts-ignore: decorator
@inline
export function outScaleOf(layer: LayerParams, channel: u32): f32 {
  return layer.outScalePtr ? load<f32>(layer.outScalePtr + (channel << 2)) : 1;
}

// @ts-ignore: decorator
@inline
export function outBiasOf(layer: LayerParams, channel: u32): f32 {
  return layer.outBiasPtr ? load<f32>(layer.outBiasPtr + (channel << 2)) : 0;
}
