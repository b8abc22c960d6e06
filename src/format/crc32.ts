// CRC-32 (IEEE 802.3, reflected polynomial 0xEDB88320), four bytes at a time; detects accidents, not attackers.

/** TABLES[k * 256 + b] = CRC of byte b followed by k zero bytes. */
const TABLES = /* @__PURE__ */ makeTables();

function makeTables(): Int32Array {
  const tables = new Int32Array(1024);
  for (let i = 0; i < 1024; i++) {
    let crc = i < 256 ? i : (tables[i - 256] as number);
    const rounds = i < 256 ? 8 : 0;
    for (let bit = 0; bit < rounds; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
    tables[i] = i < 256 ? crc : (crc >>> 8) ^ (tables[crc & 255] as number);
  }
  return tables;
}

/** Continue a CRC-32 with more bytes; start with 0. */
export function crc32(bytes: Uint8Array, before = 0): number {
  const tables = TABLES;
  let crc = ~before;
  let i = 0;
  for (const end = bytes.length - 3; i < end; i += 4) {
    crc ^= (bytes[i] as number) | ((bytes[i + 1] as number) << 8) | ((bytes[i + 2] as number) << 16) | ((bytes[i + 3] as number) << 24);
    crc =
      (tables[768 + (crc & 255)] as number) ^
      (tables[512 + ((crc >>> 8) & 255)] as number) ^
      (tables[256 + ((crc >>> 16) & 255)] as number) ^
      (tables[crc >>> 24] as number);
  }
  for (; i < bytes.length; i++) crc = (crc >>> 8) ^ (tables[(crc ^ (bytes[i] as number)) & 255] as number);
  return ~crc >>> 0;
}
