// The quickdraw10 test set, read from ../shared/data: it is not part of the project.
import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { readNpy } from "../../src/cli/npy.ts";

const FOLDER = "../shared/data/quickdraw10";

/** Why tests on the data set must be skipped, or undefined. */
export const missingData = existsSync(`${FOLDER}/test-images.npy.gz`) ? undefined : `${FOLDER} is not on this machine`;

/** The test images as model input, f32 [2800,1,28,28] in 0..1, and their labels. */
export function readTestSet(): { images: Float32Array; labels: Uint8Array; count: number } {
  const read = (name: string) => readNpy(gunzipSync(readFileSync(`${FOLDER}/${name}`)));
  const pixels = read("test-images.npy.gz").data;
  const labels = Uint8Array.from(read("test-labels.npy.gz").data);
  return { images: Float32Array.from(pixels, (value) => value / 255), labels, count: labels.length };
}
