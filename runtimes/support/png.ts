// PNG files of every kind, right and wrong, byte by byte: tests must not depend on what an encoder is willing to write.
import { crc32, deflateSync } from "node:zlib";

export interface PngKind {
  width: number;
  height: number;
  /** Bits a sample. */
  depth?: number;
  /** 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGBA. */
  colour?: number;
  interlace?: number;
  palette?: number[];
  transparency?: number[];
  /** Chunks before the pixels. */
  extra?: [type: string, data: Uint8Array][];
}

/** `rows`: for each row its bytes, without the filter's, or the whole as it is packed. */
export function buildPng(
  { width, height, depth = 8, colour = 0, interlace = 0, palette, transparency, extra = [] }: PngKind,
  rows: Uint8Array[],
): Uint8Array<ArrayBuffer> {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([depth, colour, 0, 0, interlace], 8);
  const chunks: [string, Uint8Array][] = [["IHDR", header], ...extra];
  if (palette) chunks.push(["PLTE", Uint8Array.from(palette)]);
  if (transparency) chunks.push(["tRNS", Uint8Array.from(transparency)]);
  chunks.push(["IDAT", deflateSync(Buffer.concat(rows.flatMap((row) => [Buffer.of(0), row])))], ["IEND", Buffer.alloc(0)]);
  return Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), ...chunks.map(([type, data]) => buildChunk(type, data))]);
}

function buildChunk(type: string, data: Uint8Array): Buffer {
  const chunk = Buffer.alloc(data.length + 12);
  chunk.writeUInt32BE(data.length, 0);
  chunk.write(type, 4, "latin1");
  chunk.set(data, 8);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, data.length + 8)), data.length + 8);
  return chunk;
}

/** Cut into rows of so many bytes. */
export function cutRows(data: Uint8Array, rowBytes: number): Uint8Array[] {
  return Array.from({ length: data.length / rowBytes }, (_, row) => data.subarray(row * rowBytes, (row + 1) * rowBytes));
}
