// What is compared with a layer's thresholds.
import { LayerParams } from "./layer";

/** What a layer's bits are made of; f32 output looks at none of them. */
export const enum Comparison {
  /** Real values v, after all else. */
  VALUES,
  /** Integer dot products, which the tile holds as i32: binary layers with sign weights. */
  DOTS,
  /** D and S in f64: binary layers with two-level weights. */
  LEVELS,
}

/** What a binary layer compares; `scales`: of its pixels, or 0. */
export function comparisonOf(layer: LayerParams, scales: u32): Comparison {
  if (layer.thresholdsPtr == 0 || layer.hasEpilogue) return Comparison.VALUES;
  if (layer.betaPtr == 0) return Comparison.DOTS;
  return scales ? Comparison.VALUES : Comparison.LEVELS;
}
