// The output stage of every conv2d and dense kernel: a tile of dot products to f32, to bits, or to int8.
import { writeBits } from "./bits";
import { writeBytes } from "./bytes";
import { writeBitChannels, writeFloatChannels } from "./channels";
import { Comparison } from "./comparison";
import { writeFinished } from "./epilogue";
import { writeFloats } from "./floats";
import { LayerParams } from "./layer";
import { OutputTile } from "./tile";

/** Turn the tile into outputs. Only kernels of binary layers compare other than values, as comparisonOf says. */
export function writeTile(layer: LayerParams, tile: OutputTile, comparison: Comparison): void {
  const toBits = layer.thresholdsPtr != 0;
  const toBytes = layer.outGridScale != 0;
  const needsReals = !toBits || comparison == Comparison.VALUES;
  if (ASC_FEATURE_SIMD) {
    if (tile.dotBytes == 4) {
      if (needsReals) {
        const out = toBits || toBytes ? tile.dotsPtr : tile.outPtr;
        if (layer.hasEpilogue) writeFinished(layer, tile, out, 4, 4);
        else writeFloatChannels(layer, tile, out);
      }
      if (toBits) writeBitChannels(layer, tile, comparison);
      else if (toBytes) writeBytes(layer, tile);
      return;
    }
  }
  if (!toBits && !toBytes) {
    writeReals(layer, tile, tile.outPtr, tile.filterBytes, tile.pixelBytes);
    return;
  }
  if (needsReals) writeReals(layer, tile, tile.dotsPtr, tile.dotBytes, 4);
  if (toBits) writeBits(layer, tile, comparison);
  else writeBytes(layer, tile);
}

// @ts-ignore: decorator
@inline
function writeReals(layer: LayerParams, tile: OutputTile, out: u32, filterBytes: u32, pixelBytes: u32): void {
  if (layer.hasEpilogue) writeFinished(layer, tile, out, filterBytes, pixelBytes);
  else writeFloats(layer, tile, out, filterBytes, pixelBytes);
}
