// Inputs on the int8 grid, reals that are put there or bytes q that are there: v = q - zeroPoint with q = clamp(round_half_even(x / scale) + zeroPoint, -128, 127), so that the
// value is v * scale and 0 is exact. NaN counts as the largest. |v| is at most 255, and 128 where the zero point is 0.

/** Return v of one value; `zero` is the zero point. */
// @ts-ignore: decorator
@inline
export function quantize(x: f32, scale: f32, zero: f32): f32 {
  const high = (127 as f32) - zero;
  const low = (-128 as f32) - zero;
  const rounded = nearest<f32>(x / scale);
  const capped = rounded < high ? rounded : high;
  return capped < low ? low : capped;
}

/** Return v of the element at `at`: f32, or where elements are bytes, q itself. */
// @ts-ignore: decorator
@inline
export function readOnGrid(at: u32, elemBytes: u32, scale: f32, zero: f32): f32 {
  return elemBytes == 1 ? (load<i8>(at) as f32) - zero : quantize(load<f32>(at), scale, zero);
}

/** Return v of four values, as f32. */
// @ts-ignore: decorator
@inline
export function quantizeFour(x: v128, scale: v128, zero: f32): v128 {
  const rounded = f32x4.nearest(f32x4.div(x, scale));
  return f32x4.pmax(f32x4.pmin(f32x4.splat((127 as f32) - zero), rounded), f32x4.splat((-128 as f32) - zero));
}

/** Return the scale of an image of `count` values: the layer's own, or max |x| / 127 where that is 0; 1 if all is 0. */
export function imageScale(image: u32, count: u32, scale: f32): f32 {
  if (scale != 0) return scale;
  let most: f32 = 0;
  const end = image + (count << 2);
  if (ASC_FEATURE_SIMD) {
    let lanes = f32x4.splat(0);
    for (; image + 16 <= end; image += 16) lanes = f32x4.pmax(lanes, f32x4.abs(v128.load(image)));
    most = max(max(f32x4.extract_lane(lanes, 0), f32x4.extract_lane(lanes, 1)), max(f32x4.extract_lane(lanes, 2), f32x4.extract_lane(lanes, 3)));
  }
  for (; image < end; image += 4) {
    const value = abs(load<f32>(image));
    if (value > most) most = value;
  }
  const found = most / 127;
  return found > 0 ? found : 1;
}
