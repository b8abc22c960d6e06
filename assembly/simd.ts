// The SIMD build: every kernel of index.ts, and those that make sense with vectors only.
export * from "./index";
export { conv2d_b1b1b1_lut5_64x1, conv2d_b1b1f32_lut5_64x1, conv2d_pack_planes, conv2d_setup_lut5 } from "./ops/conv2d/lut5";
