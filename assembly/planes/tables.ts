// Tables of partial counts, "Four Russians": for five channels at 32 positions (a vector of pair bytes) and each of the 32 patterns
// that five weights can have, how many of the five differ from the weights.
//
//   entry[w] = sum over j < 5 of (p_j xor bit j of w) = entry[0] + sum over the bits j of w of (1 - 2 p_j),   in each nibble
//
// Where a position is zero padding every entry is the same constant instead; over all groups the constants make half of the channels, so
// that the padded tap adds nothing to the dot product. docs/binary-math.md section 7.
// Bounds: a nibble holds at most 5, or the constant, at most 3.
// See: Arlazarov, Dinic, Kronrod, Faradzev 1970, for the method.

const ONES: usize = memory.data<u64>([0x1111111111111111, 0x1111111111111111], 16);

/** An entry of a table that one tap reads: 32 positions and their pairs. */
@unmanaged
export class SingleEntry {
  a!: v128;
  b!: v128;
}

/** An entry that several taps share, each by its own shift of up to 16 positions. */
@unmanaged
export class SharedEntry extends SingleEntry {
  c!: v128;
}

/** Build `vectors` vectors of the 32 entries of a table. `invalid`: nibbles 15 where a position is zero padding. */
export function buildTable(to: usize, plane: usize, planeBytes: usize, invalid: usize, constant: u32, isShared: bool, vectors: u32): void {
  const padded = i8x16.splat(constant as u8);
  for (; vectors > 0; vectors--) {
    if (isShared) buildVector<SharedEntry>(to, plane, planeBytes, invalid, padded);
    else buildVector<SingleEntry>(to, plane, planeBytes, invalid, padded);
    to += 16;
    plane += 16;
    invalid += 16;
  }
}

/** One vector of every entry. The 16 patterns without the last bit are walked in Gray order, each with its twin: few registers live. */
// @ts-ignore: decorator
@inline
function buildVector<Entry>(to: usize, plane: usize, planeBytes: usize, invalid: usize, padded: v128): void {
  const outside = v128.load(invalid);
  const one = v128.andnot(v128.load(ONES), outside);
  const p0 = v128.load(plane);
  const p1 = v128.load((plane += planeBytes));
  const p2 = v128.load((plane += planeBytes));
  const p3 = v128.load((plane += planeBytes));
  const p4 = v128.load((plane += planeBytes));
  const d0 = i8x16.sub(one, i8x16.add(p0, p0));
  const d1 = i8x16.sub(one, i8x16.add(p1, p1));
  const d2 = i8x16.sub(one, i8x16.add(p2, p2));
  const d3 = i8x16.sub(one, i8x16.add(p3, p3));
  const d4 = i8x16.sub(one, i8x16.add(p4, p4));
  let even = i8x16.add(i8x16.add(i8x16.add(p0, p1), i8x16.add(p2, p3)), i8x16.add(p4, v128.and(outside, padded)));
  v128.store(to, even);
  v128.store(to, i8x16.add(even, d4), 16 * offsetof<Entry>());
  even = i8x16.add(even, d0);
  v128.store(to, even, 1 * offsetof<Entry>());
  v128.store(to, i8x16.add(even, d4), 17 * offsetof<Entry>());
  even = i8x16.add(even, d1);
  v128.store(to, even, 3 * offsetof<Entry>());
  v128.store(to, i8x16.add(even, d4), 19 * offsetof<Entry>());
  even = i8x16.sub(even, d0);
  v128.store(to, even, 2 * offsetof<Entry>());
  v128.store(to, i8x16.add(even, d4), 18 * offsetof<Entry>());
  even = i8x16.add(even, d2);
  v128.store(to, even, 6 * offsetof<Entry>());
  v128.store(to, i8x16.add(even, d4), 22 * offsetof<Entry>());
  even = i8x16.add(even, d0);
  v128.store(to, even, 7 * offsetof<Entry>());
  v128.store(to, i8x16.add(even, d4), 23 * offsetof<Entry>());
  even = i8x16.sub(even, d1);
  v128.store(to, even, 5 * offsetof<Entry>());
  v128.store(to, i8x16.add(even, d4), 21 * offsetof<Entry>());
  even = i8x16.sub(even, d0);
  v128.store(to, even, 4 * offsetof<Entry>());
  v128.store(to, i8x16.add(even, d4), 20 * offsetof<Entry>());
  even = i8x16.add(even, d3);
  v128.store(to, even, 12 * offsetof<Entry>());
  v128.store(to, i8x16.add(even, d4), 28 * offsetof<Entry>());
  even = i8x16.add(even, d0);
  v128.store(to, even, 13 * offsetof<Entry>());
  v128.store(to, i8x16.add(even, d4), 29 * offsetof<Entry>());
  even = i8x16.add(even, d1);
  v128.store(to, even, 15 * offsetof<Entry>());
  v128.store(to, i8x16.add(even, d4), 31 * offsetof<Entry>());
  even = i8x16.sub(even, d0);
  v128.store(to, even, 14 * offsetof<Entry>());
  v128.store(to, i8x16.add(even, d4), 30 * offsetof<Entry>());
  even = i8x16.sub(even, d2);
  v128.store(to, even, 10 * offsetof<Entry>());
  v128.store(to, i8x16.add(even, d4), 26 * offsetof<Entry>());
  even = i8x16.add(even, d0);
  v128.store(to, even, 11 * offsetof<Entry>());
  v128.store(to, i8x16.add(even, d4), 27 * offsetof<Entry>());
  even = i8x16.sub(even, d1);
  v128.store(to, even, 9 * offsetof<Entry>());
  v128.store(to, i8x16.add(even, d4), 25 * offsetof<Entry>());
  even = i8x16.sub(even, d0);
  v128.store(to, even, 8 * offsetof<Entry>());
  v128.store(to, i8x16.add(even, d4), 24 * offsetof<Entry>());
}
