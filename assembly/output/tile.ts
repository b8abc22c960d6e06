// What a conv2d or dense kernel hands to the output stage: a tile of dot products, filters x pixels, lanes = pixels.
// The record lies at the start of the layer's scratch; kernels fill it once and move it along.
//
//   byte  0    4        8    12     16          20      24     28  32          36
//         dots dotBytes sums scales firstFilter filters pixels out filterBytes pixelBytes    (64 bytes reserved)

/** Bytes that a kernel reserves for the record. */
// @ts-ignore: decorator
@inline export const TILE_BYTES: u32 = 64;

@unmanaged
export class OutputTile {
  dotsPtr!: u32; // D: f32, or i32 when integers are compared; [filters][dotBytes / 4]
  dotBytes!: u32; // from filter to filter, multiple of 16; nothing may be written past `pixels`, where the next run may lie; or 4: one pixel, whose bits begin with a word
  sumsPtr!: u32; // S: f32[pixels], read with two-level weights only
  scalesPtr!: u32; // f32[pixels], multiplies before the bias; or 0
  firstFilter!: u32; // channel of the first row of dots
  filters!: u32;
  pixels!: u32;
  outPtr!: u32; // f32, and as if it were f32 where int8 go: where the first filter's first pixel goes. bits: the first pixel's word of channel 0, cleared
  filterBytes!: u32; // from filter to filter of an f32 output, also when bits are written: 4 x pixels of an image, dense 4
  pixelBytes!: u32; // from pixel to pixel
}

/** Fill the record of one row of a dense layer: one pixel, its filters' dots side by side. The caller moves `outPtr` along. */
export function openRow(at: u32, dots: u32, sum: u32, firstFilter: u32, filters: u32, outBytes: u32): OutputTile {
  const tile = changetype<OutputTile>(at);
  tile.dotsPtr = dots;
  tile.dotBytes = 4;
  tile.sumsPtr = sum;
  tile.scalesPtr = 0;
  tile.firstFilter = firstFilter;
  tile.filters = filters;
  tile.pixels = 1;
  tile.filterBytes = 4;
  tile.pixelBytes = outBytes;
  return tile;
}
