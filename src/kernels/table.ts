// Every kernel the wasm modules export, one row each. Selection, oracle tests and benches walk this list.
import type { OpName } from "../graph/attributes.ts";

export interface Kernel {
  /** Export name: {op}_{in}{weights}{out}_{variant}[_{MR}x{NR}]. */
  name: string;
  op: OpName;
  /** The naive twin: what `{ kernels: "reference" }` runs. */
  isReference?: boolean;
  /** In the SIMD build only. */
  simd?: boolean;
  /** Called as (params, part, parts), by `parts` threads at once; others are called as (params), by one. */
  splits?: boolean;
}

export const KERNELS: readonly Kernel[] = [
  { name: "activation_f32", op: "activation" },
  { name: "affine_f32", op: "affine" },
  { name: "avgpool_f32", op: "avgpool" },
  { name: "binarize_f32b1", op: "binarize" },
  { name: "concat_b1", op: "concat" },
  { name: "concat_x32", op: "concat" },
  { name: "elementwise_f32_add", op: "elementwise" },
  { name: "elementwise_f32_mul", op: "elementwise" },
  { name: "globalpool_f32_average", op: "globalpool" },
  { name: "globalpool_f32_max", op: "globalpool" },
  { name: "lrn_f32", op: "lrn" },
  { name: "maxpool_b1", op: "maxpool" },
  { name: "maxpool_f32", op: "maxpool" },
  { name: "pad_b1", op: "pad" },
  { name: "pad_x32", op: "pad" },
  { name: "prelu_f32", op: "prelu" },
  { name: "reshape_b1", op: "reshape" },
  { name: "slice_b1", op: "slice" },
  { name: "slice_x32", op: "slice" },
  { name: "softmax_f32", op: "softmax" },
  { name: "transpose_b1", op: "transpose" },
  { name: "transpose_x32", op: "transpose" },
  { name: "unpack_b1f32", op: "unpack" },
  { name: "xnorscale_f32", op: "xnorscale" },
  { name: "conv2d_f32_reference", op: "conv2d", isReference: true },
  { name: "conv2d_f32f32b1_reference", op: "conv2d", isReference: true },
  { name: "conv2d_f32b1f32_reference", op: "conv2d", isReference: true },
  { name: "conv2d_f32b1b1_reference", op: "conv2d", isReference: true },
  { name: "conv2d_b1f32f32_reference", op: "conv2d", isReference: true },
  { name: "conv2d_b1f32b1_reference", op: "conv2d", isReference: true },
  { name: "conv2d_b1b1f32_reference", op: "conv2d", isReference: true },
  { name: "conv2d_b1b1b1_reference", op: "conv2d", isReference: true },
  { name: "conv2d_f32b1b1_depthwise", op: "conv2d" },
  { name: "conv2d_f32b1f32_depthwise", op: "conv2d" },
  { name: "conv2d_f32f32b1_depthwise", op: "conv2d" },
  { name: "conv2d_f32_depthwise", op: "conv2d" },
  { name: "conv2d_b1f32b1_direct_2x16", op: "conv2d" },
  { name: "conv2d_b1f32f32_direct_2x16", op: "conv2d" },
  { name: "conv2d_f32f32b1_direct_2x16", op: "conv2d" },
  { name: "conv2d_f32_direct_2x16", op: "conv2d" },
  { name: "conv2d_f32b1b1_lut_2x16", op: "conv2d" },
  { name: "conv2d_f32b1f32_lut_2x16", op: "conv2d" },
  { name: "conv2d_setup_lut5", op: "conv2d", simd: true },
  { name: "conv2d_pack_planes", op: "conv2d", simd: true, splits: true },
  { name: "conv2d_b1b1b1_lut5_64x1", op: "conv2d", simd: true, splits: true },
  { name: "conv2d_b1b1f32_lut5_64x1", op: "conv2d", simd: true, splits: true },
  { name: "conv2d_b1b1b1_im2row_4x2", op: "conv2d" },
  { name: "conv2d_b1b1f32_im2row_4x2", op: "conv2d" },
  { name: "dense_f32_reference", op: "dense", isReference: true },
  { name: "dense_f32f32b1_reference", op: "dense", isReference: true },
  { name: "dense_f32b1f32_reference", op: "dense", isReference: true },
  { name: "dense_f32b1b1_reference", op: "dense", isReference: true },
  { name: "dense_b1f32f32_reference", op: "dense", isReference: true },
  { name: "dense_b1f32b1_reference", op: "dense", isReference: true },
  { name: "dense_b1b1f32_reference", op: "dense", isReference: true },
  { name: "dense_b1b1b1_reference", op: "dense", isReference: true },
  { name: "dense_f32b1b1_bytelut", op: "dense", splits: true },
  { name: "dense_f32b1f32_bytelut", op: "dense", splits: true },
  { name: "dense_f32f32b1_dot_2x4", op: "dense", splits: true },
  { name: "dense_f32_dot_2x4", op: "dense", splits: true },
  { name: "dense_b1b1b1_popcount_4x2", op: "dense", splits: true },
  { name: "dense_b1b1f32_popcount_4x2", op: "dense", splits: true },
  { name: "dense_pack_signs", op: "dense" },
  { name: "dense_setup_bitslice", op: "dense", simd: true },
  { name: "dense_b1b1b1_bitslice_1x128", op: "dense", simd: true, splits: true },
  { name: "dense_b1b1f32_bitslice_1x128", op: "dense", simd: true, splits: true },
  { name: "conv2d_pack_taps", op: "conv2d" },
];
