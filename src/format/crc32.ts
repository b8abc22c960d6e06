// CRC-32 (IEEE 802.3, reflected polynomial 0xEDB88320): detects accidents, not attackers. Four bytes at a time, each by a
// table of its own ("slicing by 4"). In a cold start with 4 MB, in code the host has not optimised yet: 12 ms, a byte at a time 16.

/** TABLE[256 k + b] = CRC of byte b with k zero bytes behind it. */
const TABLE = /* @__PURE__ */ makeTable();

function makeTable(): Int32Array {
  const table = new Int32Array(1024);
  for (let i = 0; i < 1024; i++) {
    let crc = i < 256 ? i : (table[i - 256] as number);
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 && 0xedb88320);
    table[i] = crc;
  }
  return table;
}

/** Continue a CRC-32 with more bytes; start with 0. */
export function crc32(bytes: Uint8Array, before = 0): number {
  const look = (index: number) => TABLE[index] as number;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let crc = ~before;
  let i = 0;
  for (; i + 4 <= bytes.length; i += 4) {
    crc ^= view.getInt32(i, true);
    crc = look(768 + (crc & 255)) ^ look(512 + ((crc >>> 8) & 255)) ^ look(256 + ((crc >>> 16) & 255)) ^ look(crc >>> 24);
  }
  for (; i < bytes.length; i++) crc = (crc >>> 8) ^ look((crc ^ (bytes[i] as number)) & 255);
  return ~crc >>> 0;
}
