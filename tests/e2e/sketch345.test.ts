// The 345-class model that ships, from strokes to labels as a user goes, against PyTorch's answers of the same net.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { readNpy } from "../../src/cli/npy.ts";
import { preprocess, rasterize, type Strokes } from "../../src/image.ts";
import { loadModel, type Model } from "../../src/index.ts";

const MODEL = "models/sketch345-hybrid.hybit";
const STROKES = "../shared/data/quickdraw345/strokes.ndjson.gz";
const missingData = existsSync(STROKES) ? undefined : `${STROKES} is not on this machine`;

const bytes = readFileSync(MODEL);

function classify(model: Model, drawing: Strokes): number {
  const x = preprocess(rasterize(drawing), model);
  const scores = model.run({ [model.inputs[0]?.name as string]: x })[model.outputs[0]?.name as string] as Float32Array;
  return scores.reduce((best, score, i) => (score > (scores[best] as number) ? i : best), 0);
}

test("it is at most 300 KB, has 345 labels, and is a hybrid", async () => {
  assert.ok(bytes.length <= 300_000, `${bytes.length} bytes`);
  using model = await loadModel(bytes);
  assert.equal(new Set(model.metadata.labels).size, 345);
  assert.match(model.metadata.attribution ?? "", /CC BY 4\.0/);
  assert.match(model.metadata.training ?? "", /top-1 \d\d\.\d+ % of 1,918 test drawings/);
});

test("it knows simple drawings", async () => {
  using model = await loadModel(bytes);
  const circle = Array.from({ length: 25 }, (_, i) => (i / 12) * Math.PI);
  const drawings: Record<string, Strokes> = {
    square: [
      [
        [0, 100, 100, 0, 0],
        [0, 0, 100, 100, 0],
      ],
    ],
    triangle: [
      [
        [50, 100, 0, 50],
        [0, 90, 90, 0],
      ],
    ],
    circle: [[circle.map((angle) => 50 * Math.cos(angle)), circle.map((angle) => 50 * Math.sin(angle))]],
    line: [
      [
        [0, 50, 100],
        [50, 50, 50],
      ],
    ],
  };
  for (const [label, drawing] of Object.entries(drawings)) assert.equal(model.metadata.labels[classify(model, drawing)], label);
});

test("on the test drawings it says what PyTorch says, and is right as often as its notes claim", { skip: missingData }, async () => {
  const readFixture = (name: string) => readNpy(gunzipSync(readFileSync(`tests/fixtures/sketch345/${name}.npy.gz`))).data;
  const [lines, wanted] = [readFixture("lines"), readFixture("top1")];
  const rows = gunzipSync(readFileSync(STROKES)).toString().trim().split("\n");
  using model = await loadModel(bytes);
  const { labels, training = "" } = model.metadata;
  let [same, right] = [0, 0];
  lines.forEach((line, i) => {
    const { word, drawing } = JSON.parse(rows[line] as string);
    const found = classify(model, drawing);
    if (found === wanted[i]) same++;
    if (labels[found] === word) right++;
  });
  assert.ok(same / lines.length >= 0.998, `the same top-1 on ${same} of ${lines.length}`);
  assert.match(training, new RegExp(`top-1 ${((100 * right) / lines.length).toFixed(2)} % of 1,918`));
  assert.ok(right / lines.length >= 0.54);
});
