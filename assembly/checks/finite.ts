// How many numbers of a run are finite, up to the first that is not: their exponent is not all ones.

const EXPONENT: u32 = 0x7f800000;

/** Count the f32 from `from` on that are finite, up to the first that is not; `count` when all are. */
export function count_finite(from: usize, count: u32): u32 {
  let at = from;
  const end = from + (count << 2);
  if (ASC_FEATURE_SIMD) {
    const exponent = i32x4.splat(EXPONENT);
    for (; at + 64 <= end; at += 64) {
      const found = v128.or(
        v128.or(i32x4.eq(v128.and(v128.load(at), exponent), exponent), i32x4.eq(v128.and(v128.load(at, 16), exponent), exponent)),
        v128.or(i32x4.eq(v128.and(v128.load(at, 32), exponent), exponent), i32x4.eq(v128.and(v128.load(at, 48), exponent), exponent)),
      );
      if (v128.any_true(found)) break;
    }
  }
  while (at < end && (load<u32>(at) & EXPONENT) != EXPONENT) at += 4;
  return ((at - from) as u32) >> 2;
}
