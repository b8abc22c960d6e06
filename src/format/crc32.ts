// CRC-32 (IEEE 802.3, reflected polynomial 0xEDB88320): detects accidents, not attackers. This one is for the header and the
// graph, and for tools; when a model is loaded the kernels' own, which is faster, reads the data section.

const TABLE = /* @__PURE__ */ Int32Array.from({ length: 256 }, (_, crc) => {
  for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 && 0xedb88320);
  return crc;
});

/** Continue a CRC-32 with more bytes; start with 0. */
export function crc32(bytes: Uint8Array, before = 0): number {
  let crc = ~before;
  for (let i = 0; i < bytes.length; i++) crc = (crc >>> 8) ^ (TABLE[(crc ^ (bytes[i] as number)) & 255] as number);
  return ~crc >>> 0;
}
