// The taps of neighbouring windows.

/** Load the same tap of four neighbouring windows; reads up to 4 bytes past the last of them. */
// @ts-ignore: decorator
@inline
export function loadColumns(from: usize, columnBytes: usize): v128 {
  if (columnBytes == 4) return v128.load(from);
  if (columnBytes == 8) return v128.shuffle<f32>(v128.load(from), v128.load(from, 16), 0, 2, 4, 6);
  let x = v128.load32_zero(from);
  x = f32x4.replace_lane(x, 1, load<f32>(from + columnBytes));
  x = f32x4.replace_lane(x, 2, load<f32>(from + 2 * columnBytes));
  return f32x4.replace_lane(x, 3, load<f32>(from + 3 * columnBytes));
}
