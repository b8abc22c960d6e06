// CRC-32 (IEEE 802.3, reflected polynomial 0xEDB88320) of bytes in linear memory. A file is read once, by code that V8 has not
// optimised, so this takes few instructions a byte: a multiple of the polynomial with four terms, which lie whole bytes apart, folds
// the message into its own last bytes.
//
//   P divides 1 + X^2215 + X^2866 + X^3006, X = x^8: the sum stays the same when byte i becomes 0 and is added to bytes i + 140,
//   i + 791 and i + 3006.            v[i] = m[i] ^ v[i - 140] ^ v[i - 791] ^ v[i - 3006]
// What has been folded so far enters through the last 3006 of v; all earlier bytes are 0 by then.
//
// See: Russell 2024, "Chorba: A novel CRC32 implementation", arXiv 2412.16398, for the method.

// @ts-ignore: decorator
@inline const NEAR: usize = 140;
// @ts-ignore: decorator
@inline const MIDDLE: usize = 791;
// @ts-ignore: decorator
@inline const FAR: usize = 3006;

/** Bytes folded at a time: the call is short, so that optimised code replaces it soon. */
// @ts-ignore: decorator
@inline const RUN_BYTES: usize = 4096;

/** The last v of the runs before, then those of this run. */
const BEFORE: usize = memory.data(7104, 16);
// @ts-ignore: decorator
@inline const HERE: usize = FAR;

/** Continue a CRC-32 with the bytes from `from` on; start with 0. */
export function crc32(from: usize, bytes: usize, before: u32): u32 {
  let crc = ~before;
  memory.fill(BEFORE, 0, FAR);
  if (bytes >= RUN_BYTES + FAR) {
    // The sum so far belongs to the first four bytes, and only they meet the oldest v.
    store<u32>(BEFORE, crc);
    crc = 0;
    for (; bytes >= RUN_BYTES + FAR; bytes -= RUN_BYTES, from += RUN_BYTES) foldRun(from);
  }
  memory.fill(BEFORE + HERE, 0, FAR);
  const end = from + bytes;
  for (let v = BEFORE + HERE; from < end; from++, v++) {
    crc ^= load<u8>(from);
    if (v < BEFORE + HERE + FAR) crc ^= load<u8>(v - NEAR) ^ load<u8>(v - MIDDLE) ^ load<u8>(v - FAR);
    for (let bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (0xedb88320 & -(crc & 1));
  }
  return ~crc;
}

/** Fold RUN_BYTES bytes into what follows them. */
function foldRun(from: usize): void {
  for (let v = BEFORE; v < BEFORE + RUN_BYTES; ) {
    if (ASC_FEATURE_SIMD) {
      const old = v128.xor(v128.load(v), v128.xor(v128.load(v, HERE - MIDDLE), v128.load(v, HERE - NEAR)));
      v128.store(v, v128.xor(old, v128.load(from)), HERE);
      v += 16;
      from += 16;
    } else {
      store<u64>(v, load<u64>(from) ^ load<u64>(v) ^ load<u64>(v, HERE - MIDDLE) ^ load<u64>(v, HERE - NEAR), HERE);
      v += 8;
      from += 8;
    }
  }
  memory.copy(BEFORE, BEFORE + RUN_BYTES, FAR);
}
