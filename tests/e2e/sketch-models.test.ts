// The models that ship, on all 2,800 test drawings, against PyTorch's logits of the same nets.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { readNpy } from "../../src/cli/npy.ts";
import { importOnnx } from "../../src/import/onnx/import.ts";
import { type InlineOptions, loadModel, type Model } from "../../src/index.ts";
import { interpret } from "../support/interpret.ts";
import { missingData, readTestSet } from "../support/sketch-data.ts";

const VARIANTS = [
  { name: "fprec", minAccuracy: 0.955 },
  { name: "wbin", minAccuracy: 0.94 },
  { name: "hybrid", minAccuracy: 0.94 },
  { name: "fbin", minAccuracy: 0.93 },
] as const;

const RUNS: readonly InlineOptions[] = [{ build: "simd" }, { build: "scalar" }, { build: "scalar", kernels: "reference" }];

const CLASSES = 10;
const PIXELS = 28 * 28;
const CHUNK = 100;
const LOGIT_TOLERANCE = 1e-3;
/** A value this near to its threshold before a sign may fall on either side of it. */
const SIGN_MARGIN = 1e-4;

function readFixture(name: string): Uint8Array {
  return gunzipSync(readFileSync(`tests/fixtures/sketch10/${name}`));
}

function argmax(scores: ArrayLike<number>): number {
  return Array.from(scores).reduce((best, score, i, all) => (score > (all[best] as number) ? i : best), 0);
}

function runAll(model: Model, images: Float32Array, count: number): Float32Array {
  const logits = new Float32Array(count * CLASSES);
  const input = model.inputs[0]?.name as string;
  const output = model.outputs[0]?.name as string;
  for (let from = 0; from < count; from += CHUNK) {
    const chunk = images.subarray(from * PIXELS, Math.min(from + CHUNK, count) * PIXELS);
    logits.set(model.run({ [input]: chunk })[output] as Float32Array, from * CLASSES);
  }
  return logits;
}

/** How near any value of the unfolded float net comes to the threshold of its sign, for one image. */
function nearestSign(variant: string, image: Float32Array): number {
  const { graph } = importOnnx(readFixture(`${variant}.onnx.gz`));
  const input = graph.values[graph.inputs[0] as number]?.name as string;
  let nearest = Number.POSITIVE_INFINITY;
  const probe = (_: string, value: number, threshold: number) => {
    nearest = Math.min(nearest, Math.abs(value - threshold));
  };
  interpret(graph, { [input]: { shape: [1, 1, 28, 28], data: image } }, { probe });
  return nearest;
}

for (const { name, minAccuracy } of VARIANTS) {
  for (const options of RUNS) {
    test(`sketch10-${name} equals PyTorch with ${JSON.stringify(options)}`, { skip: missingData }, async (t) => {
      const { images, labels, count } = readTestSet();
      using model = await loadModel(readFileSync(`models/sketch10-${name}.hybit`), options);
      const logits = runAll(model, images, count);
      const expected = readNpy(readFixture(`${name}.logits.npy.gz`)).data;

      let hits = 0;
      let agreements = 0;
      const apart: number[] = [];
      for (let i = 0; i < count; i++) {
        const ours = logits.subarray(i * CLASSES, (i + 1) * CLASSES);
        const theirs = Array.from(expected.subarray(i * CLASSES, (i + 1) * CLASSES));
        if (argmax(ours) === labels[i]) hits++;
        if (argmax(ours) === argmax(theirs)) agreements++;
        if (theirs.some((score, c) => !(Math.abs(score - (ours[c] as number)) <= LOGIT_TOLERANCE))) apart.push(i);
      }
      const unexplained = apart.filter((i) => nearestSign(name, images.subarray(i * PIXELS, (i + 1) * PIXELS)) > SIGN_MARGIN);
      t.diagnostic(
        `top-1 ${((100 * hits) / count).toFixed(2)} %, same as PyTorch on ${agreements} of ${count}, ${apart.length} with a value on its threshold`,
      );
      assert.deepEqual(unexplained, [], "logits differ by more than 1e-3 although no value lies near its threshold");
      assert.ok(agreements >= 0.998 * count, `same top-1 on only ${agreements} of ${count}`);
      assert.ok(hits >= minAccuracy * count, `top-1 ${hits / count}`);
    });
  }
}
