// The output stage of every conv2d and dense kernel: a tile of dot products to f32, or through f32 to bits.
import { writeBits } from "./bits";
import { writeBitChannels, writeFloatChannels } from "./channels";
import { writeFloats } from "./floats";
import { LayerParams } from "./layer";
import { OutputTile } from "./tile";

/** Turn the tile into outputs. `isInteger`: dots are i32 and compared with i32 thresholds. */
export function writeTile(layer: LayerParams, tile: OutputTile, isInteger: bool): void {
  if (ASC_FEATURE_SIMD) {
    if (tile.dotBytes == 4) {
      const toBits = layer.thresholdsPtr != 0;
      if (!isInteger) writeFloatChannels(layer, tile, toBits ? tile.dotsPtr : tile.outPtr);
      if (toBits) writeBitChannels(layer, tile, isInteger);
      return;
    }
  }
  if (layer.thresholdsPtr == 0) {
    writeFloats(layer, tile, tile.outPtr, tile.filterBytes, tile.pixelBytes);
    return;
  }
  if (!isInteger) writeFloats(layer, tile, tile.dotsPtr, tile.dotBytes, 4);
  writeBits(layer, tile, isInteger);
}
