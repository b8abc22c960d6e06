// Real inputs times sign bits by tables of neighbouring positions, lanes = pixels: the "Four Russians" product on planes
// that hold every tap as an unaligned load. T is the lane: f32, or i16 for inputs on the int8 grid.
//
//   table[w][i]   = sum over j < G of (bit j of w ? -1 : +1) * plane[j][i],   w = 0 .. 2^G - 1, i = 0 .. entry;   G = 4 or 5
//   dots[f][i]   += sum over look-ups l of tables[index[f][l] + i]
//
//   one table, f32
//   +---- positions 0..15 ----+-- 16..19 --+ 80 bytes
//   | w = 0: all channels added            |   tap kx of a filter reads 64 bytes from byte kx * 4 on,
//   | w = 1: the first one subtracted      |   so one table serves all taps of a window's row
//   | ...                                  |
//   +--------------------------------------+
// An index is a byte offset in the tables of a block: table, entry and shift in one number, made once by the setup kernel.
// Bounds: f32 sums, nine look-ups at a time: relative error <= (look-ups / 9 + 12) * 2^-24 of sum |x|.
//         i16 sums: an entry is at most G times the largest input, and mostLookups of them fit.
// See: Arlazarov, Dinic, Kronrod, Faradzev 1970, for the method.

/** Bytes of the positions that a look-up reads: 16 lanes of f32, 32 of i16. */
// @ts-ignore: decorator
@inline export const LINE_BYTES: u32 = 64;

/** Bytes from entry to entry: a line, and room for taps that are shifted by up to 16 bytes. A constant, so that stores need no address of their own. */
// @ts-ignore: decorator
@inline export const ENTRY_BYTES: u32 = 80;

/** Look-ups that i16 lanes can take before they are added to i32, where inputs are at most `magnitude`. */
// @ts-ignore: decorator
@inline
export function mostLookups(channels: u32, magnitude: u32): u32 {
  return 32767 / (channels * magnitude);
}

/** Build the table of `channels` planes: 4 or 5. `usedBytes` of an entry are looked up. */
export function buildRowTable<T>(plane: u32, planeBytes: u32, channels: u32, table: u32, usedBytes: u32): void {
  const end = plane + usedBytes;
  for (; plane < end; ) {
    if (ASC_FEATURE_SIMD) {
      buildVector<T>(plane, planeBytes, channels, table);
      plane += 16;
      table += 16;
    } else {
      buildScalar<T>(plane, planeBytes, channels, table);
      plane += sizeof<T>() as u32;
      table += sizeof<T>() as u32;
    }
  }
}

/** The eight sums of the first three channels stay in registers while those of the others come and go. */
// @ts-ignore: decorator
@inline
function buildVector<T>(plane: u32, planeBytes: u32, channels: u32, table: u32): void {
  const x0 = v128.load(plane);
  const x1 = v128.load(plane + planeBytes);
  const x2 = v128.load(plane + 2 * planeBytes);
  const x3 = v128.load(plane + 3 * planeBytes);
  const plus = v128.add<T>(x0, x1);
  const minus = v128.sub<T>(x1, x0);
  const low0 = v128.add<T>(x2, plus);
  const low1 = v128.add<T>(x2, minus);
  const low2 = v128.sub<T>(x2, minus);
  const low3 = v128.sub<T>(x2, plus);
  if (channels == 4) {
    table = storeEight<T>(table, low0, low1, low2, low3, x3);
    storeEight<T>(table, low0, low1, low2, low3, v128.neg<T>(x3));
  } else {
    const x4 = v128.load(plane + 4 * planeBytes);
    table = storeEight<T>(table, low0, low1, low2, low3, v128.add<T>(x4, x3));
    table = storeEight<T>(table, low0, low1, low2, low3, v128.sub<T>(x4, x3));
    table = storeEight<T>(table, low0, low1, low2, low3, v128.sub<T>(x3, x4));
    storeEight<T>(table, low0, low1, low2, low3, v128.neg<T>(v128.add<T>(x3, x4)));
  }
}

/** Entries 0..7 are low + high; the second four of them mirror the first. Returns where the next entry goes. */
// @ts-ignore: decorator
@inline
function storeEight<T>(table: u32, low0: v128, low1: v128, low2: v128, low3: v128, high: v128): u32 {
  v128.store(table, v128.add<T>(high, low0));
  v128.store(table, v128.add<T>(high, low1), 80);
  v128.store(table, v128.add<T>(high, low2), 160);
  v128.store(table, v128.add<T>(high, low3), 240);
  v128.store(table, v128.sub<T>(high, low3), 320);
  v128.store(table, v128.sub<T>(high, low2), 400);
  v128.store(table, v128.sub<T>(high, low1), 480);
  v128.store(table, v128.sub<T>(high, low0), 560);
  return table + 8 * ENTRY_BYTES;
}

// @ts-ignore: decorator
@inline
function buildScalar<T>(plane: u32, planeBytes: u32, channels: u32, table: u32): void {
  const x0 = load<T>(plane);
  const x1 = load<T>(plane + planeBytes);
  const x2 = load<T>(plane + 2 * planeBytes);
  const x3 = load<T>(plane + 3 * planeBytes);
  const x4 = channels > 4 ? load<T>(plane + 4 * planeBytes) : 0;
  for (let pattern: u32 = 0; pattern < 1 << channels; pattern++, table += ENTRY_BYTES) {
    const low = (pattern & 1 ? -x0 : x0) + (pattern & 2 ? -x1 : x1) + (pattern & 4 ? -x2 : x2);
    const high = (pattern & 8 ? -x3 : x3) + (pattern & 16 ? -x4 : x4);
    store<T>(table, (low + high) as T);
  }
}

/**
 * Add `lookups` look-ups to each of `filters` rows of dots: f32, or i32 for i16 lanes, which are widened after `most` look-ups.
 * `indices`: u16[filters][lookups]. `vectors`: how many of a line's four are wanted. `spill`: 16 bytes that may be written.
 */
export function addRowLookups<T>(tables: u32, indices: u32, lookups: u32, filters: u32, dots: u32, vectors: u32, spill: u32, most: u32): void {
  const dotBytes: u32 = (LINE_BYTES / (sizeof<T>() as u32)) << 2;
  for (; filters > 0; filters--, dots += dotBytes) {
    if (ASC_FEATURE_SIMD) {
      for (let left = lookups; left > 0; ) {
        const count = isFloat<T>() ? left : min(left, most);
        if (vectors == 4) addVectors<T>(tables, indices, count, dots, spill, 4);
        else if (vectors == 3) addVectors<T>(tables, indices, count, dots, spill, 3);
        else if (vectors == 2) addVectors<T>(tables, indices, count, dots, spill, 2);
        else addVectors<T>(tables, indices, count, dots, spill, 1);
        indices += count << 1;
        left -= count;
      }
    } else {
      for (let at: u32 = 0; at < vectors << 4; at += 4 * (sizeof<T>() as u32)) {
        addScalars<T>(tables + at, indices, lookups, dots + at * (4 / (sizeof<T>() as u32)));
      }
      indices += lookups << 1;
    }
  }
}

/**
 * One filter, up to 64 bytes of positions: four accumulators and nine look-ups at once. The stores to `spill` are of no use to the
 * result: they keep V8 up to 12 from moving all loads to the front, which spills.
 */
// @ts-ignore: decorator
@inline
function addVectors<T>(tables: u32, w: u32, count: u32, dots: u32, spill: u32, vectors: u32): void {
  let acc0 = isFloat<T>() ? v128.load(dots) : i16x8.splat(0);
  let acc1 = isFloat<T>() ? v128.load(dots, 16) : i16x8.splat(0);
  let acc2 = isFloat<T>() ? v128.load(dots, 32) : i16x8.splat(0);
  let acc3 = isFloat<T>() ? v128.load(dots, 48) : i16x8.splat(0);
  for (; count >= 9; count -= 9, w += 18) {
    const a = tables + (load<u16>(w) as u32);
    const b = tables + (load<u16>(w, 2) as u32);
    const c = tables + (load<u16>(w, 4) as u32);
    const d = tables + (load<u16>(w, 6) as u32);
    const e = tables + (load<u16>(w, 8) as u32);
    const f = tables + (load<u16>(w, 10) as u32);
    const g = tables + (load<u16>(w, 12) as u32);
    const h = tables + (load<u16>(w, 14) as u32);
    const i = tables + (load<u16>(w, 16) as u32);
    acc0 = v128.add<T>(acc0, v128.add<T>(v128.add<T>(three0<T>(a, b, c), three0<T>(d, e, f)), three0<T>(g, h, i)));
    v128.store(spill, acc0);
    if (vectors > 1) {
      acc1 = v128.add<T>(acc1, v128.add<T>(v128.add<T>(three16<T>(a, b, c), three16<T>(d, e, f)), three16<T>(g, h, i)));
      v128.store(spill, acc1);
    }
    if (vectors > 2) {
      acc2 = v128.add<T>(acc2, v128.add<T>(v128.add<T>(three32<T>(a, b, c), three32<T>(d, e, f)), three32<T>(g, h, i)));
      v128.store(spill, acc2);
    }
    if (vectors > 3) {
      acc3 = v128.add<T>(acc3, v128.add<T>(v128.add<T>(three48<T>(a, b, c), three48<T>(d, e, f)), three48<T>(g, h, i)));
      v128.store(spill, acc3);
    }
  }
  for (; count >= 3; count -= 3, w += 6) {
    const a = tables + (load<u16>(w) as u32);
    const b = tables + (load<u16>(w, 2) as u32);
    const c = tables + (load<u16>(w, 4) as u32);
    acc0 = v128.add<T>(acc0, three0<T>(a, b, c));
    if (vectors > 1) acc1 = v128.add<T>(acc1, three16<T>(a, b, c));
    if (vectors > 2) acc2 = v128.add<T>(acc2, three32<T>(a, b, c));
    if (vectors > 3) acc3 = v128.add<T>(acc3, three48<T>(a, b, c));
  }
  for (; count > 0; count--, w += 2) {
    const a = tables + (load<u16>(w) as u32);
    acc0 = v128.add<T>(acc0, v128.load(a));
    if (vectors > 1) acc1 = v128.add<T>(acc1, v128.load(a, 16));
    if (vectors > 2) acc2 = v128.add<T>(acc2, v128.load(a, 32));
    if (vectors > 3) acc3 = v128.add<T>(acc3, v128.load(a, 48));
  }
  if (isFloat<T>()) {
    v128.store(dots, acc0);
    if (vectors > 1) v128.store(dots, acc1, 16);
    if (vectors > 2) v128.store(dots, acc2, 32);
    if (vectors > 3) v128.store(dots, acc3, 48);
  } else {
    widen(dots, acc0);
    if (vectors > 1) widen(dots + 32, acc1);
    if (vectors > 2) widen(dots + 64, acc2);
    if (vectors > 3) widen(dots + 96, acc3);
  }
}

/** The sum of three look-ups, byte 0, 16, 32 and 48 on. Offsets are literals because the compiler wants them so. */
// @ts-ignore: decorator
@inline
function three0<T>(a: u32, b: u32, c: u32): v128 {
  return v128.add<T>(v128.add<T>(v128.load(a), v128.load(b)), v128.load(c));
}

// @ts-ignore: decorator
@inline
function three16<T>(a: u32, b: u32, c: u32): v128 {
  return v128.add<T>(v128.add<T>(v128.load(a, 16), v128.load(b, 16)), v128.load(c, 16));
}

// @ts-ignore: decorator
@inline
function three32<T>(a: u32, b: u32, c: u32): v128 {
  return v128.add<T>(v128.add<T>(v128.load(a, 32), v128.load(b, 32)), v128.load(c, 32));
}

// @ts-ignore: decorator
@inline
function three48<T>(a: u32, b: u32, c: u32): v128 {
  return v128.add<T>(v128.add<T>(v128.load(a, 48), v128.load(b, 48)), v128.load(c, 48));
}

/** Add eight i16 to eight i32. */
// @ts-ignore: decorator
@inline
function widen(dots: u32, acc: v128): void {
  v128.store(dots, i32x4.add(v128.load(dots), i32x4.extend_low_i16x8_s(acc)));
  v128.store(dots, i32x4.add(v128.load(dots, 16), i32x4.extend_high_i16x8_s(acc)), 16);
}

/** One filter, four positions, in the order of the vectors. */
// @ts-ignore: decorator
@inline
function addScalars<T>(tables: u32, w: u32, count: u32, dots: u32): void {
  if (isFloat<T>()) addFour<T, f32>(tables, w, count, dots);
  else addFour<T, i32>(tables, w, count, dots);
}

function addFour<T, D>(tables: u32, w: u32, count: u32, dots: u32): void {
  const step: u32 = sizeof<T>() as u32;
  let acc0 = load<D>(dots), acc1 = load<D>(dots, 4), acc2 = load<D>(dots, 8), acc3 = load<D>(dots, 12);
  for (; count >= 3; count -= 3, w += 6) {
    const a = tables + (load<u16>(w) as u32);
    const b = tables + (load<u16>(w, 2) as u32);
    const c = tables + (load<u16>(w, 4) as u32);
    acc0 += (load<T>(a) as D) + (load<T>(b) as D) + (load<T>(c) as D);
    acc1 += (load<T>(a + step) as D) + (load<T>(b + step) as D) + (load<T>(c + step) as D);
    acc2 += (load<T>(a + 2 * step) as D) + (load<T>(b + 2 * step) as D) + (load<T>(c + 2 * step) as D);
    acc3 += (load<T>(a + 3 * step) as D) + (load<T>(b + 3 * step) as D) + (load<T>(c + 3 * step) as D);
  }
  for (; count > 0; count--, w += 2) {
    const a = tables + (load<u16>(w) as u32);
    acc0 += load<T>(a) as D;
    acc1 += load<T>(a + step) as D;
    acc2 += load<T>(a + 2 * step) as D;
    acc3 += load<T>(a + 3 * step) as D;
  }
  store<D>(dots, acc0);
  store<D>(dots, acc1, 4);
  store<D>(dots, acc2, 8);
  store<D>(dots, acc3, 12);
}
