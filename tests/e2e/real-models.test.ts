// Nets that others trained and exported, from file to label: as right as their authors say.
import assert from "node:assert/strict";
import { test } from "node:test";
import { convertModel } from "../../src/convert.ts";
import { listBest } from "../../src/engine/top-k.ts";
import { loadModel } from "../../src/index.ts";
import { type Labelled, missingDigits, missingSigns, readDigits, readDigitsNet, readSigns, readSignsNet } from "../support/real-models.ts";

async function countRight(onnx: Uint8Array, { inputs, labels }: Labelled): Promise<number> {
  using model = await loadModel(convertModel(onnx).model);
  const [input, output] = [model.inputs[0]?.name as string, model.outputs[0]];
  const best = inputs.map((x) => listBest(model.run({ [input]: x })[output?.name as string] as Float32Array, output?.shape[1] as number)[0]);
  return best.filter((found, i) => found === labels[i]).length;
}

test("QONNX's TFC_1W1A gets 93.17 ± 0.3 % of MNIST's test digits", { skip: missingDigits }, async () => {
  const right = await countRight(readDigitsNet(), readDigits());
  assert.ok(Math.abs(right / 100 - 93.17) <= 0.3, `${right} of 10,000`);
});

test("the traffic-sign net gets the signs that onnxruntime-web gets with it", { skip: missingSigns }, async () => {
  // 849, by bench/peers/real-models.test.ts, which compares sign by sign.
  const right = await countRight(readSignsNet(), readSigns());
  assert.ok(Math.abs(right - 849) <= 1, `${right} of 1,053`);
});
