// The SIMD build: every kernel of index.ts, and those that make sense with vectors only.
export * from "./index";
export { conv2d_b1b1b1_lut5_64x1, conv2d_b1b1f32_lut5_64x1, conv2d_pack_planes, conv2d_setup_lut5 } from "./ops/conv2d/lut5";

export { dense_b1b1f32_bitslice_1x128, dense_b1b1b1_bitslice_1x128, dense_setup_bitslice } from "./ops/dense/bitslice";
