// Every kernel of the engine, one export line each; the host's list is src/kernels/table.ts.
import { ABI_VERSION } from "./abi";

export { crc32 } from "./checks/crc32";
export { count_finite } from "./checks/finite";
export { activation_f32 } from "./ops/activation/f32";
export {
  conv2d_b1b1b1_reference,
  conv2d_b1b1f32_reference,
  conv2d_b1f32b1_reference,
  conv2d_b1f32f32_reference,
  conv2d_f32_reference,
  conv2d_f32b1b1_reference,
  conv2d_f32b1f32_reference,
  conv2d_f32f32b1_reference,
  conv2d_i8b1b1_reference,
  conv2d_i8b1f32_reference,
  conv2d_i8f32b1_reference,
  conv2d_i8f32f32_reference,
} from "./ops/conv2d/reference";
export { conv2d_f32_depthwise, conv2d_f32f32b1_depthwise, conv2d_f32b1f32_depthwise, conv2d_f32b1b1_depthwise } from "./ops/conv2d/depthwise";
export {
  conv2d_b1f32b1_direct_2x16,
  conv2d_b1f32f32_direct_2x16,
  conv2d_f32_direct_2x16,
  conv2d_f32f32b1_direct_2x16,
} from "./ops/conv2d/direct";
export { conv2d_setup_rowlut_f32, conv2d_setup_rowlut_i8 } from "./ops/conv2d/row-indices";
export { conv2d_pack_rows_f32, conv2d_pack_rows_i8 } from "./ops/conv2d/row-planes";
export {
  conv2d_f32b1b1_rowlut_1x16,
  conv2d_f32b1f32_rowlut_1x16,
  conv2d_i8b1b1_rowlut_1x32,
  conv2d_i8b1f32_rowlut_1x32,
} from "./ops/conv2d/row-lut";
export { conv2d_b1b1f32_im2row_4x2, conv2d_b1b1b1_im2row_4x2 } from "./ops/conv2d/im2row";
export { conv2d_setup_im2row } from "./ops/conv2d/tap-counts";
export {
  dense_b1b1b1_reference,
  dense_b1b1f32_reference,
  dense_b1f32b1_reference,
  dense_b1f32f32_reference,
  dense_f32_reference,
  dense_f32b1b1_reference,
  dense_f32b1f32_reference,
  dense_f32f32b1_reference,
  dense_i8b1b1_reference,
  dense_i8b1f32_reference,
  dense_i8f32b1_reference,
  dense_i8f32f32_reference,
} from "./ops/dense/reference";
export { dense_f32b1f32_bytelut, dense_f32b1b1_bytelut } from "./ops/dense/bytelut";
export { dense_i8b1f32_bytelut, dense_i8b1b1_bytelut } from "./ops/dense/bytelut-i8";
export { dense_f32_dot_2x4, dense_f32f32b1_dot_2x4 } from "./ops/dense/dot";
export { conv2d_pack_taps, dense_pack_signs } from "./ops/dense/pack";
export { dense_b1b1f32_popcount_4x2, dense_b1b1b1_popcount_4x2 } from "./ops/dense/popcount";
export { affine_f32 } from "./ops/affine/f32";
export { avgpool_f32 } from "./ops/avgpool/f32";
export { binarize_f32b1 } from "./ops/binarize/f32b1";
export { concat_b1 } from "./ops/concat/b1";
export { concat_x32 } from "./ops/concat/x32";
export { elementwise_f32_add } from "./ops/elementwise/add-f32";
export { elementwise_f32_mul } from "./ops/elementwise/mul-f32";
export { elementwise_f32_max } from "./ops/elementwise/max-f32";
export { elementwise_f32_div } from "./ops/elementwise/div-f32";
export { elementwise_f32_pow } from "./ops/elementwise/pow-f32";
export { globalpool_f32_average } from "./ops/globalpool/average-f32";
export { globalpool_f32_max } from "./ops/globalpool/max-f32";
export { lrn_f32 } from "./ops/lrn/f32";
export { maxpool_b1 } from "./ops/maxpool/b1";
export { maxpool_f32 } from "./ops/maxpool/f32";
export { pad_b1 } from "./ops/pad/b1";
export { pad_x32 } from "./ops/pad/x32";
export { prelu_f32 } from "./ops/prelu/f32";
export { reshape_b1 } from "./ops/reshape/b1";
export { slice_b1 } from "./ops/slice/b1";
export { slice_x32 } from "./ops/slice/x32";
export { softmax_f32 } from "./ops/softmax/f32";
export { transpose_b1 } from "./ops/transpose/b1";
export { transpose_x32 } from "./ops/transpose/x32";
export { unpack_b1f32 } from "./ops/unpack/b1f32";
export { xnorscale_f32 } from "./ops/xnorscale/f32";

/** First byte that the host may use. */
export function heap_base(): usize {
  return __heap_base;
}

/** Version of the parameter blocks. */
export function abi_version(): u32 {
  return ABI_VERSION;
}

/** 1 in builds with SIMD, else 0. */
export function isa(): u32 {
  return ASC_FEATURE_SIMD ? 1 : 0;
}
