// The SIMD build: every kernel of index.ts, and those that make sense with vectors only.
export * from "./index";
export { conv2d_b1b1b1_lut5_64x1, conv2d_b1b1f32_lut5_64x1, conv2d_pack_planes, conv2d_setup_lut5 } from "./ops/conv2d/lut5";
export { dense_b1b1f32_bitslice_1x128, dense_b1b1b1_bitslice_1x128, dense_setup_bitslice } from "./ops/dense/bitslice";
export {
  conv2d_f32_winograd4_4x8, conv2d_f32_winograd7_4x8, conv2d_f32f32b1_winograd4_4x8, conv2d_f32f32b1_winograd7_4x8,
} from "./ops/conv2d/winograd";
export { conv2d_setup_winograd4 } from "./ops/conv2d/winograd4-weights";
export { conv2d_setup_winograd7 } from "./ops/conv2d/winograd7-weights";
export { conv2d_i8f32b1_pairs_4x8, conv2d_i8f32f32_pairs_4x8 } from "./ops/conv2d/pairs";
export { conv2d_pack_pairs } from "./ops/conv2d/pairs-rows";
export { conv2d_setup_pairs } from "./ops/conv2d/pairs-weights";
