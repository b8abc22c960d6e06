// A Larq net that others trained, against onnxruntime-web in one process: the same signs, and how much sooner.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { convertModel } from "../../src/convert.ts";
import { listBest } from "../../src/engine/top-k.ts";
import { loadModel } from "../../src/index.ts";
import { missingSigns, readSigns, readSignsNet } from "../../tests/support/real-models.ts";
import { openOnnxRuntime } from "./onnxruntime.ts";

const SKIP =
  missingSigns ?? (existsSync("bench/node_modules/onnxruntime-web") ? false : "onnxruntime-web is not installed; npm ci --prefix bench installs it");

const CLASSES = 43;
const ROUNDS = 7;

test("traffic signs: the top-1 of onnxruntime-web, sooner", { skip: SKIP }, async (t) => {
  const onnx = readSignsNet();
  const { inputs, labels } = readSigns();
  const { model: file, report } = convertModel(onnx);
  assert.deepEqual(
    report.layers.map(({ kind }) => kind),
    ["WBin", "FBin", "FBin"],
  );
  const model = await loadModel(file);
  const input = model.inputs[0]?.name as string;
  const own = inputs.map((x) => listBest(Object.values(model.run({ [input]: x }))[0] as Float32Array, CLASSES)[0]);
  const runtime = await openOnnxRuntime("onnxruntime-web");
  const theirs: (number | undefined)[] = [];
  for (const x of inputs) {
    const peer = await runtime.network?.(onnx, { name: input, dims: [1, 30, 30, 3] }, x);
    const [scores] = Object.values((await peer?.run()) as Record<string, { data: Float32Array }>);
    theirs.push(listBest(scores?.data as Float32Array, CLASSES)[0]);
    await peer?.dispose();
  }
  const share = (a: readonly unknown[], b: readonly unknown[]) => a.filter((value, i) => value === b[i]).length / a.length;
  t.diagnostic(`top-1 ${(100 * share(own, labels)).toFixed(2)} %, onnxruntime-web ${(100 * share(theirs, labels)).toFixed(2)} %`);
  assert.ok(share(own, theirs) >= 0.998);
  assert.ok(Math.abs(share(own, labels) - share(theirs, labels)) <= 0.001);

  const peer = await runtime.network?.(onnx, { name: input, dims: [1, 30, 30, 3] }, inputs[0]);
  const ratios: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const time = async (run: () => unknown) => {
      const before = performance.now();
      for (let i = 0; i < 30; i++) await run();
      return performance.now() - before;
    };
    const theirTime = await time(() => peer?.run());
    ratios.push(theirTime / (await time(() => model.run({ [input]: inputs[0] as Float32Array }))));
  }
  ratios.sort((a, b) => a - b);
  t.diagnostic(`onnxruntime-web takes ${ratios[ROUNDS >> 1]?.toFixed(1)} times as long (${ratios[0]?.toFixed(1)} to ${ratios.at(-1)?.toFixed(1)})`);
});
