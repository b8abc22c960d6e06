// The output stage of every conv2d and dense kernel: a tile of dot products to f32, or through f32 to bits.
import { writeBits } from "./bits";
import { writeBitChannels, writeFloatChannels } from "./channels";
import { writeFinished } from "./epilogue";
import { writeFloats } from "./floats";
import { LayerParams } from "./layer";
import { OutputTile } from "./tile";

/** Turn the tile into outputs. `isInteger`: dots are i32 and compared with i32 thresholds. */
export function writeTile(layer: LayerParams, tile: OutputTile, isInteger: bool): void {
  if (ASC_FEATURE_SIMD) {
    if (tile.dotBytes == 4) {
      const toBits = layer.thresholdsPtr != 0;
      if (!isInteger) {
        const out = toBits ? tile.dotsPtr : tile.outPtr;
        if (layer.hasEpilogue) writeFinished(layer, tile, out, 4, 4);
        else writeFloatChannels(layer, tile, out);
      }
      if (toBits) writeBitChannels(layer, tile, isInteger);
      return;
    }
  }
  if (layer.thresholdsPtr == 0) {
    writeReals(layer, tile, tile.outPtr, tile.filterBytes, tile.pixelBytes);
    return;
  }
  if (!isInteger) writeReals(layer, tile, tile.dotsPtr, tile.dotBytes, 4);
  writeBits(layer, tile, isInteger);
}

/** True when the layer's thresholds are integers, if its operands are bits. */
export function comparesDots(layer: LayerParams): bool {
  return layer.thresholdsPtr != 0 && layer.betaPtr == 0 && layer.hasEpilogue == 0;
}

// @ts-ignore: decorator
@inline
function writeReals(layer: LayerParams, tile: OutputTile, out: u32, filterBytes: u32, pixelBytes: u32): void {
  if (layer.hasEpilogue) writeFinished(layer, tile, out, filterBytes, pixelBytes);
  else writeFloats(layer, tile, out, filterBytes, pixelBytes);
}
