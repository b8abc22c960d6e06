// What a net costs by the published models, from its layers alone: nothing is measured.
import type { Layer } from "./net.ts";

/** What one run of a net costs. */
export interface Cost {
  macs: number;
  /** As Prabhu et al. (2018) count: real and binary-weight MACs whole, fully binary ones as 1/58, XNOR-Net's speed-up. */
  equivalentMacs: number;
  /** 32 bits a weight over 32 a real and 1 a binary one; biases, scales and batch-norms are not counted. */
  memoryRatio: number;
  /** For one image: see PICOJOULES. */
  joules: Energy;
}

export interface Energy {
  arithmetic: number;
  /** Every weight read once from DRAM. */
  weights: number;
  /** Every layer's input written and read once in SRAM. */
  activations: number;
}

const FBIN_SPEEDUP = 58;
const WORD_BITS = 32;

/** Horowitz, ISSCC 2014, 45 nm. */
const PICOJOULES = { floatMultiply: 3.7, floatAdd: 0.9, intAdd: 0.1, sramWord: 5, dramWord: 640 };

/** A fully binary word of 32 MACs is an exclusive or, a popcount and an addition, each taken as a 32-bit addition. */
const MAC_PICOJOULES: Record<Layer["kind"], number> = {
  FPrec: PICOJOULES.floatMultiply + PICOJOULES.floatAdd,
  WBin: PICOJOULES.floatAdd,
  FBin: (3 * PICOJOULES.intAdd) / WORD_BITS,
};

/** Count what a net of these layers costs for one image. */
export function estimateCost(layers: readonly Layer[]): Cost {
  const sum = (value: (layer: Layer) => number) => layers.reduce((so, layer) => so + value(layer), 0);
  const weightBits = ({ kind, weights }: Layer) => weights * (kind === "FPrec" ? WORD_BITS : 1);
  const inputBits = ({ kind, inputs }: Layer) => inputs * (kind === "FBin" ? 1 : WORD_BITS);
  const joules = (picojoules: (layer: Layer) => number) => sum(picojoules) * 1e-12;
  return {
    macs: sum(({ macs }) => macs),
    equivalentMacs: sum(({ kind, macs }) => (kind === "FBin" ? macs / FBIN_SPEEDUP : macs)),
    memoryRatio: (WORD_BITS * sum(({ weights }) => weights)) / sum(weightBits),
    joules: {
      arithmetic: joules(({ kind, macs }) => macs * MAC_PICOJOULES[kind]),
      weights: joules((layer) => (weightBits(layer) / WORD_BITS) * PICOJOULES.dramWord),
      activations: joules((layer) => 2 * (inputBits(layer) / WORD_BITS) * PICOJOULES.sramWord),
    },
  };
}
