// What a builder is told, and what it says about its net.
import type { Preprocess } from "../graph/graph.ts";
import type { LayerKind } from "../ops/layer-kind.ts";
import type { Net, Signal } from "./net.ts";

/**
 * fprec: real weights. wbin: binary weights, real inputs. fbin: binary inputs too. hybrid: fbin, but the last layers'
 * inputs stay real, where binarizing costs most accuracy and saves least time (Hybrid-2 of Prabhu et al., 2018).
 * First and last layer are real in all of them.
 */
export type Variant = "fprec" | "wbin" | "fbin" | "hybrid";

export const VARIANTS: readonly Variant[] = ["fprec", "wbin", "fbin", "hybrid"];

export interface NetPlan {
  variant: Variant;
  /** Pixels of a side. */
  size: number;
  classes: number;
  /** The channels of a layer that has this many at full width. */
  width: (channels: number) => number;
}

export interface ZooNet {
  /** One sentence. */
  about: string;
  size: number;
  classes: number;
  channels: Preprocess["channels"];
  /** How pixels from 0 to 1 become the input. */
  normalize: Pick<Preprocess, "mean" | "std" | "invert">;
  build(net: Net, image: Signal, plan: NetPlan): Signal;
}

/** What a layer in the middle of the net is; `isTail`: one of the layers whose inputs a hybrid keeps real. */
export function kindOf(variant: Variant, isTail: boolean): LayerKind {
  if (variant === "fprec") return "FPrec";
  return variant === "wbin" || (variant === "hybrid" && isTail) ? "WBin" : "FBin";
}

/** ImageNet's. */
export const PHOTOS: Pick<ZooNet, "channels" | "normalize"> = {
  channels: "rgb",
  normalize: { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225], invert: false },
};
