// Copies runs of bits that begin anywhere. Only bits inside the run are changed.

/** Copy `bits` consecutive bits; positions count from the lowest bit of the first word. Reads up to 4 bytes past the input's last word. */
export function copyBits(from: usize, fromBit: u32, to: usize, toBit: u32, bits: u32): void {
  while (bits) {
    const toShift = toBit & 31;
    const taken = min<u32>(32 - toShift, bits);
    const word = load<u64>(from + wordOffset(fromBit)) >> (fromBit & 31);
    const mask = (0xffffffff >>> (32 - taken)) << toShift;
    mergeBits(to + wordOffset(toBit), (word as u32) << toShift, mask);
    fromBit += taken;
    toBit += taken;
    bits -= taken;
  }
}

/** Copy one bit. */
// @ts-ignore: decorator
@inline
export function copyBit(from: usize, fromBit: u32, to: usize, toBit: u32): void {
  const bit = (load<u32>(from + wordOffset(fromBit)) >>> (fromBit & 31)) & 1;
  mergeBits(to + wordOffset(toBit), bit << (toBit & 31), 1 << (toBit & 31));
}

// @ts-ignore: decorator
@inline
function wordOffset(bit: u32): usize {
  return ((bit >>> 5) << 2) as usize;
}

// @ts-ignore: decorator
@inline
function mergeBits(to: usize, bits: u32, mask: u32): void {
  store<u32>(to, (load<u32>(to) & ~mask) | (bits & mask));
}
