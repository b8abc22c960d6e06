// Sums of selected rows of a bit matrix, bit-sliced: lane k of a vector is filter k, and a count is spread over planes, bit j
// of it in plane j. Adding a row to 128 counts is then one full adder, five logic operations, and takes no popcount.
//
//   row a      f127 ... f1 f0  \
//   row b      f127 ... f1 f0   }  full adder:  sum   = a ^ b ^ ones                     -> plane 0
//   plane 0    ones            /                carry = (a & b) | ((a ^ b) & ones)       -> into plane 1, with one more carry
//
// Rows come in blocks of 16, whose carries are added in a tree of 15 full adders (Harley and Seal's counter); from plane 4 on
// the block's carry waits at its plane until a second one comes, as in a binary counter.
//
// State, 512 bytes:   planes: v128[16] | waiting: v128[16]
// Bounds: 16 planes hold counts up to 65,535; the host refuses rows that could select more than 32,768.

/** Filters of a panel: the lanes of a vector. */
// @ts-ignore: decorator
@inline export const PANEL_FILTERS: u32 = 128;

// @ts-ignore: decorator
@inline export const PANEL_ROW_BYTES: u32 = PANEL_FILTERS >> 3;

// @ts-ignore: decorator
@inline export const STATE_BYTES: u32 = 512;

/** Entries of a list are 4 bytes, and 16 a block. */
const LIST_BLOCK_BYTES: u32 = 64;
const PLANES_BYTES: u32 = 256;

/**
 * Put the byte offsets of rows whose bit in `words` is 1 (0, if `inverts` is all ones) into a list and fill it up to whole blocks
 * with the offset of the row behind the last, which must be zeros. Returns where the list ends.
 */
export function listRows(words: u32, bytes: u32, inverts: u32, list: u32): u32 {
  let offset: u32 = 0;
  const first = list;
  for (const end = words + bytes; words < end; words += 4, offset += 32 * PANEL_ROW_BYTES) {
    for (let bits = load<u32>(words) ^ inverts; bits != 0; bits &= bits - 1, list += 4) store<u32>(list, offset + ctz(bits) * PANEL_ROW_BYTES);
  }
  for (; (list - first) & (LIST_BLOCK_BYTES - 1); list += 4) store<u32>(list, offset);
  return list;
}

// @ts-ignore: decorator
@inline
function carryOf(a: v128, b: v128, differ: v128, c: v128): v128 {
  return v128.or(v128.and(a, b), v128.and(differ, c));
}

/** Add the listed rows of a panel into the planes of `state`, which need not be cleared. */
export function sumRows(list: u32, end: u32, panel: u32, state: u32): void {
  memory.fill(state, 0, PLANES_BYTES);
  let ones = i32x4.splat(0), twos = ones, fours = ones, eights = ones;
  let blocks: u32 = 0;
  for (; list < end; list += LIST_BLOCK_BYTES, blocks++) {
    let a = v128.load(load<u32>(list) + panel), b = v128.load(load<u32>(list, 4) + panel), differ = v128.xor(a, b);
    let two0 = carryOf(a, b, differ, ones);
    ones = v128.xor(differ, ones);
    a = v128.load(load<u32>(list, 8) + panel), b = v128.load(load<u32>(list, 12) + panel), differ = v128.xor(a, b);
    let two1 = carryOf(a, b, differ, ones);
    ones = v128.xor(differ, ones);
    differ = v128.xor(two0, two1);
    let four0 = carryOf(two0, two1, differ, twos);
    twos = v128.xor(differ, twos);
    // These stores are of no use to the result: they keep V8 up to 12 from moving all loads to the front, which spills.
    v128.store(state, twos);

    a = v128.load(load<u32>(list, 16) + panel), b = v128.load(load<u32>(list, 20) + panel), differ = v128.xor(a, b);
    two0 = carryOf(a, b, differ, ones);
    ones = v128.xor(differ, ones);
    a = v128.load(load<u32>(list, 24) + panel), b = v128.load(load<u32>(list, 28) + panel), differ = v128.xor(a, b);
    two1 = carryOf(a, b, differ, ones);
    ones = v128.xor(differ, ones);
    differ = v128.xor(two0, two1);
    let four1 = carryOf(two0, two1, differ, twos);
    twos = v128.xor(differ, twos);
    differ = v128.xor(four0, four1);
    const eight0 = carryOf(four0, four1, differ, fours);
    fours = v128.xor(differ, fours);
    v128.store(state, fours);

    a = v128.load(load<u32>(list, 32) + panel), b = v128.load(load<u32>(list, 36) + panel), differ = v128.xor(a, b);
    two0 = carryOf(a, b, differ, ones);
    ones = v128.xor(differ, ones);
    a = v128.load(load<u32>(list, 40) + panel), b = v128.load(load<u32>(list, 44) + panel), differ = v128.xor(a, b);
    two1 = carryOf(a, b, differ, ones);
    ones = v128.xor(differ, ones);
    differ = v128.xor(two0, two1);
    four0 = carryOf(two0, two1, differ, twos);
    twos = v128.xor(differ, twos);
    v128.store(state, twos);

    a = v128.load(load<u32>(list, 48) + panel), b = v128.load(load<u32>(list, 52) + panel), differ = v128.xor(a, b);
    two0 = carryOf(a, b, differ, ones);
    ones = v128.xor(differ, ones);
    a = v128.load(load<u32>(list, 56) + panel), b = v128.load(load<u32>(list, 60) + panel), differ = v128.xor(a, b);
    two1 = carryOf(a, b, differ, ones);
    ones = v128.xor(differ, ones);
    differ = v128.xor(two0, two1);
    four1 = carryOf(two0, two1, differ, twos);
    twos = v128.xor(differ, twos);
    differ = v128.xor(four0, four1);
    const eight1 = carryOf(four0, four1, differ, fours);
    fours = v128.xor(differ, fours);
    differ = v128.xor(eight0, eight1);
    let carry = carryOf(eight0, eight1, differ, eights);
    eights = v128.xor(differ, eights);

    let plane = state + 64;
    for (let count = blocks; count & 1; count >>= 1, plane += 16) {
      const sum = v128.load(plane), waiting = v128.load(plane, PLANES_BYTES);
      differ = v128.xor(sum, waiting);
      v128.store(plane, v128.xor(differ, carry));
      carry = carryOf(sum, waiting, differ, carry);
    }
    v128.store(plane, carry, PLANES_BYTES);
  }
  v128.store(state, ones);
  v128.store(state, twos, 16);
  v128.store(state, fours, 32);
  v128.store(state, eights, 48);
  addWaiting(blocks, state);
}

/** Add the carries that still wait after `blocks` blocks: one at each plane whose bit is set. */
function addWaiting(blocks: u32, state: u32): void {
  const end = state + PLANES_BYTES;
  for (let first = state + 64; blocks != 0; blocks >>= 1, first += 16) {
    if ((blocks & 1) == 0) continue;
    let carry = v128.load(first, PLANES_BYTES);
    for (let plane = first; plane < end && v128.any_true(carry); plane += 16) {
      const sum = v128.load(plane);
      v128.store(plane, v128.xor(sum, carry));
      carry = v128.and(sum, carry);
    }
  }
}

/** Write factor * (totals[k] - 2 count[k]) + base for the 128 counts, as i32, or as f32 when `toFloat`. `isLong`: counts may pass 255. */
export function countsToDots(state: u32, isLong: bool, totals: u32, factor: i32, base: i32, toFloat: bool, dots: u32): void {
  const factors = i32x4.splat(factor);
  const bases = i32x4.splat(base);
  for (let byte: u32 = 0; byte < PANEL_ROW_BYTES; byte += 2, dots += 64, totals += 64) {
    const low = gatherBytes(state, byte);
    const high = isLong ? gatherBytes(state + 128, byte) : i32x4.splat(0);
    for (let half: u32 = 0; half < 64; half += 32) {
      const low16 = half ? i16x8.extend_high_i8x16_u(low) : i16x8.extend_low_i8x16_u(low);
      const high16 = half ? i16x8.extend_high_i8x16_u(high) : i16x8.extend_low_i8x16_u(high);
      const counts = v128.or(low16, i16x8.shl(high16, 8));
      const dot0 = dotsOf(i32x4.extend_low_i16x8_u(counts), v128.load(totals + half), factors, bases);
      const dot1 = dotsOf(i32x4.extend_high_i16x8_u(counts), v128.load(totals + half, 16), factors, bases);
      v128.store(dots + half, toFloat ? f32x4.convert_i32x4_s(dot0) : dot0);
      v128.store(dots + half, toFloat ? f32x4.convert_i32x4_s(dot1) : dot1, 16);
    }
  }
}

// @ts-ignore: decorator
@inline
function dotsOf(counts: v128, totals: v128, factors: v128, bases: v128): v128 {
  return i32x4.add(bases, i32x4.mul(factors, i32x4.sub(totals, i32x4.shl(counts, 1))));
}

/** Turn eight planes of 16 filters, those of bytes `byte` and `byte` + 1, into one byte a filter. */
function gatherBytes(planes: u32, byte: u32): v128 {
  const pick = i8x16.add(i8x16.splat(byte as i8), i8x16(0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1));
  const bits = i8x16(1, 2, 4, 8, 16, 32, 64, -128, 1, 2, 4, 8, 16, 32, 64, -128);
  let bytes = i8x16.splat(0);
  for (let plane = planes + 112; plane >= planes; plane -= 16) {
    const isSet = i8x16.eq(v128.and(i8x16.swizzle(v128.load(plane), pick), bits), bits);
    bytes = i8x16.sub(i8x16.add(bytes, bytes), isSet);
  }
  return bytes;
}
