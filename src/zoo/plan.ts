// What a builder is told, and what it says about its net.
import type { Preprocess } from "../graph/graph.ts";
import type { LayerKind } from "../ops/layer-kind.ts";
import type { Net, Signal } from "./net.ts";

/**
 * fprec: real weights. wbin: binary weights, real inputs. fbin: binary inputs too. hybrid: fbin, but the last layers'
 * inputs stay real, where binarizing costs most accuracy and saves least time (Hybrid-2 of Prabhu et al., 2018).
 * hybrid1: more of them (Hybrid-1), and hybrid3: fewer (Hybrid-3, of SqueezeNet alone). The first layer is real in all
 * of them, and so are the last one's weights if nothing else is asked for.
 */
export type Variant = "fprec" | "wbin" | "fbin" | "hybrid" | "hybrid1" | "hybrid3";

/** Which layers are binary in the papers' nets: none, weights, both, or both but for some layers' inputs. */
export const VARIANTS: readonly Variant[] = ["fprec", "wbin", "fbin", "hybrid", "hybrid1", "hybrid3"];

/** What the last layer's weights are; binary ones make it FBin in fbin, WBin in the others. */
export const LAST_WEIGHTS = ["real", "binary"] as const;
/** What the last layer's weights are. */
export type LastWeights = (typeof LAST_WEIGHTS)[number];

export interface NetPlan {
  variant: Variant;
  /** What the last layer is. */
  last: LayerKind;
  /** Pixels of a side. */
  size: number;
  classes: number;
  /** The channels of a layer that has this many at full width. */
  width: (channels: number) => number;
}

export interface ZooNet {
  /** One sentence. */
  about: string;
  /** Those that there are. */
  variants: readonly Variant[];
  size: number;
  classes: number;
  channels: Preprocess["channels"];
  /** How pixels from 0 to 1 become the input. */
  normalize: Pick<Preprocess, "mean" | "std" | "invert">;
  build(net: Net, image: Signal, plan: NetPlan): Signal;
}

/** What a layer in the middle of the net is; `realIn`: the hybrids that keep its inputs real. */
export function kindOf(variant: Variant, realIn: readonly Variant[] = []): LayerKind {
  if (variant === "fprec") return "FPrec";
  return variant === "wbin" || realIn.includes(variant) ? "WBin" : "FBin";
}

/** What the last layer is. */
export function lastKindOf(variant: Variant, weights: LastWeights): LayerKind {
  if (variant === "fprec" || weights === "real") return "FPrec";
  return variant === "fbin" ? "FBin" : "WBin";
}

/** ImageNet's. */
export const PHOTOS: Pick<ZooNet, "channels" | "normalize"> = {
  channels: "rgb",
  normalize: { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225], invert: false },
};
