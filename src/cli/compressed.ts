// What a file weighs on its way through the network.
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

export interface Compressed {
  gzip: number;
  brotli: number;
}

/** Brotli's highest quality takes a second a megabyte; this one is within a few percent of it. */
const QUALITY = 9;

export function compress(bytes: Uint8Array): Compressed {
  return {
    gzip: gzipSync(bytes, { level: 9 }).length,
    brotli: brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: QUALITY } }).length,
  };
}
