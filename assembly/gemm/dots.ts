// From counts of differing bits to dot products: D = valid - 2 count, where `valid` is how many products the window
// has (all of them, or fewer where zero padding lies under it).

/** Replace counts by dot products in place, as i32, or as f32 when `toFloat`. `validPtr`: i32 per pixel. */
export function dotsFromCounts(counts: u32, countBytes: u32, filters: u32, pixels: u32, validPtr: u32, toFloat: bool): void {
  const end = ((pixels + 3) & ~3) << 2;
  for (let f: u32 = 0; f < filters; f++, counts += countBytes) {
    for (let at: u32 = 0; at < end; ) {
      if (ASC_FEATURE_SIMD) {
        const dot = i32x4.sub(v128.load(validPtr + at), i32x4.shl(v128.load(counts + at), 1));
        v128.store(counts + at, toFloat ? f32x4.convert_i32x4_s(dot) : dot);
        at += 16;
      } else {
        const dot = load<i32>(validPtr + at) - (load<i32>(counts + at) << 1);
        if (toFloat) store<f32>(counts + at, dot as f32);
        else store<i32>(counts + at, dot);
        at += 4;
      }
    }
  }
}
