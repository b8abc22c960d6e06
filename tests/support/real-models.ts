// Nets that others trained, and the pictures to try them on, from ../shared/data: none of it is part of the project.
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { readPictures } from "../../src/cli/images.ts";
import { preprocess } from "../../src/image.ts";

const DATA = "../shared/data";

export const missingSigns = existsSync(`${DATA}/gtsrb`) ? undefined : `${DATA}/gtsrb is not on this machine`;
export const missingDigits = existsSync(`${DATA}/mnist`) ? undefined : `${DATA}/mnist is not on this machine`;

export interface Labelled {
  /** One run each. */
  inputs: Float32Array[];
  labels: number[];
}

/** A Larq net for traffic signs as tf2onnx exported it; input [1,30,30,3] of 0..255. */
export function readSignsNet(): Uint8Array {
  return gunzipSync(readFileSync(`${DATA}/gtsrb/bnn-30x30.onnx.gz`));
}

/** 1,053 traffic signs, resized as `hybit/image` does. */
export function readSigns(): Labelled {
  const folder = mkdtempSync(join(tmpdir(), "hybit-signs-"));
  try {
    execFileSync("tar", ["xzf", `${DATA}/gtsrb/images.tar.gz`, "-C", folder]);
    const rows = readFileSync(join(folder, "labels.csv"), "utf8").trim().split("\n").slice(1);
    const rule = {
      width: 30,
      height: 30,
      channels: "rgb",
      mean: [0, 0, 0],
      std: [1 / 255, 1 / 255, 1 / 255],
      invert: false,
      resize: "stretch",
    } as const;
    const model = { inputs: [{ type: "f32", shape: [1, 3, 30, 30] }], metadata: { labels: [], entries: {}, preprocess: rule } } as never;
    const inputs = rows.map((row) => {
      const bytes = readFileSync(join(folder, "images", row.split(",")[0] as string));
      const planes = preprocess(readPictures(bytes, undefined)[0]?.pixels as never, model) as Float32Array;
      return Float32Array.from(planes, (_, i) => planes[(i % 3) * 900 + Math.floor(i / 3)] as number);
    });
    return { inputs, labels: rows.map((row) => Number(row.split(",")[1])) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** QONNX's binary perceptron for digits, TFC_1W1A; input [1,1,28,28] of 0..1. */
export function readDigitsNet(): Uint8Array {
  return readFileSync(`${DATA}/qonnx/TFC_1W1A.onnx`);
}

/** MNIST's 10,000 test digits. */
export function readDigits(): Labelled {
  const read = (name: string, head: number) => gunzipSync(readFileSync(`${DATA}/mnist/${name}-ubyte.gz`)).subarray(head);
  const [pixels, labels] = [read("t10k-images-idx3", 16), read("t10k-labels-idx1", 8)];
  return { inputs: [...labels].map((_, i) => Float32Array.from(pixels.subarray(i * 784, (i + 1) * 784), (v) => v / 255)), labels: [...labels] };
}
