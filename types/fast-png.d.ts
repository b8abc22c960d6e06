// The part of fast-png that the Workers examples use: it is their dependency, not the project's, and need not be installed to
// check types.
declare module "fast-png" {
  interface Png {
    width: number;
    height: number;
    data: Uint8Array | Uint8ClampedArray | Uint16Array;
    depth: number;
    channels: number;
    palette?: number[][];
    transparency?: Uint16Array;
  }
  export function decode(file: Uint8Array, options?: { checkCrc?: boolean }): Png;
  export function convertIndexedToRgb(png: Png): Uint8Array;
}
