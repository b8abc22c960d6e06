// The 64 bytes every .hybit file starts with: what the file is, how long its parts are, and their checksums.
//
//   0  4  magic "HYBT"                     24  8  data offset, multiple of 16
//   4  2  container version, 1             32  8  data bytes, below 2^31
//   6  2  header bytes, 64                 40  4  CRC-32 of bytes 64 to the end
//   8  8  bytes of the whole file          44 16  zero
//  16  4  graph offset, 64                 60  4  CRC-32 of bytes 0 to 59
//  20  4  graph bytes                                      all little-endian
import { LoadError } from "../graph/errors.ts";
import { crc32 } from "./crc32.ts";
import { recognise } from "./recognise.ts";

export const HEADER_BYTES = 64;
const VERSION = 1;
const MAGIC = 0x54425948; // "HYBT"
/** Arbitrary: a graph of 10,000 nodes has about 2 MiB. Decoded it can take ten times as much. */
const MAX_GRAPH_BYTES = 2 ** 24;

export interface Header {
  totalBytes: number;
  graphBytes: number;
  /** From the start of the file. */
  dataOffset: number;
  dataBytes: number;
  /** Of everything after the header. */
  checksum: number;
}

function align16(bytes: number): number {
  return Math.ceil(bytes / 16) * 16;
}

/** Read a header from the first bytes of a file, of which there may be too few; `where` begins every sentence. */
export function parseHeader(bytes: Uint8Array, where = "the model file"): Header {
  if (bytes.length === 0 || !"HYBT".startsWith(String.fromCharCode(...bytes.subarray(0, 4)))) {
    throw new LoadError("not-a-model", `${where} is not a hybit model: ${recognise(bytes)}`);
  }
  if (bytes.length < HEADER_BYTES) throw truncated(where, bytes.length, HEADER_BYTES);
  const view = new DataView(bytes.buffer, bytes.byteOffset, HEADER_BYTES);
  const u32 = (offset: number) => view.getUint32(offset, true);
  const u64 = (offset: number) => u32(offset + 4) * 2 ** 32 + u32(offset);
  if (crc32(bytes.subarray(0, 60)) !== u32(60)) throw damaged(where, "header");

  const version = view.getUint16(4, true);
  if (version > VERSION) {
    throw new LoadError("version", `${where} has version ${version} but this hybit reads ${VERSION}; use a newer hybit`);
  }
  const header = { totalBytes: u64(8), graphBytes: u32(20), dataOffset: u64(24), dataBytes: u64(32), checksum: u32(40) };
  const { dataOffset, dataBytes, graphBytes, totalBytes } = header;
  if (dataBytes >= 2 ** 31 || graphBytes > MAX_GRAPH_BYTES) {
    throw new LoadError("too-large", `${where} has ${graphBytes} bytes of graph and ${dataBytes} of data; the limits are 2^24 and 2^31`);
  }
  const isRight =
    version === VERSION &&
    view.getUint16(6, true) === HEADER_BYTES &&
    u32(16) === HEADER_BYTES &&
    dataOffset === align16(HEADER_BYTES + graphBytes) &&
    totalBytes === dataOffset + dataBytes &&
    bytes.subarray(44, 60).every((byte) => byte === 0);
  if (!isRight) throw new LoadError("invalid", `${where} has a header that contradicts itself; convert the model again`);
  return header;
}

/** Lay a file out: header filled in, room for `graph` already used, the data section still zero. */
export function layOut(graph: Uint8Array, dataBytes: number): { file: Uint8Array; data: Uint8Array } {
  const dataOffset = align16(HEADER_BYTES + graph.length);
  const file = new Uint8Array(dataOffset + dataBytes);
  const view = new DataView(file.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint16(4, VERSION, true);
  view.setUint16(6, HEADER_BYTES, true);
  view.setUint32(8, file.length % 2 ** 32, true);
  view.setUint32(12, Math.floor(file.length / 2 ** 32), true);
  view.setUint32(16, HEADER_BYTES, true);
  view.setUint32(20, graph.length, true);
  view.setUint32(24, dataOffset, true);
  view.setUint32(32, dataBytes, true);
  file.set(graph, HEADER_BYTES);
  return { file, data: file.subarray(dataOffset) };
}

/** Write both checksums into a file whose other bytes are final. */
export function seal(file: Uint8Array): void {
  const view = new DataView(file.buffer, file.byteOffset, HEADER_BYTES);
  view.setUint32(40, crc32(file.subarray(HEADER_BYTES)), true);
  view.setUint32(60, crc32(file.subarray(0, 60)), true);
}

export function truncated(where: string, found: number, needed: number): LoadError {
  return new LoadError("truncated", `${where} ends after ${found} of ${needed} bytes; copy it again`);
}

export function damaged(where: string, part: string): LoadError {
  return new LoadError("checksum", `${where} is damaged: the checksum of its ${part} does not match; copy it again`);
}
