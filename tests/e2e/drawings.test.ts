// The models that ship on the drawings that ship: needs nothing that is not in the repository.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { preprocess, rasterize } from "../../src/image.ts";
import { type InlineOptions, loadModel, topK } from "../../src/index.ts";

const RUNS: readonly InlineOptions[] = [{ build: "simd" }, { build: "scalar" }, { build: "simd", kernels: "reference" }];

const drawings = readdirSync("examples/drawings").flatMap((name) =>
  readFileSync(`examples/drawings/${name}`, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { word: string; drawing: [number[], number[]][] }),
);

for (const variant of ["fprec", "wbin", "fbin", "hybrid"]) {
  test(`sketch10-${variant} recognises every example drawing, with the same scores in every build`, async () => {
    const bytes = readFileSync(`models/sketch10-${variant}.hybit`);
    const models = await Promise.all(RUNS.map((options) => loadModel(bytes, options)));
    const wrong: string[] = [];
    for (const { word, drawing } of drawings) {
      const scores = models.map((model) => model.run({ input: preprocess(rasterize(drawing), model) }).logits ?? new Float32Array(0));
      scores.forEach((logits, run) => {
        const found = topK(logits, 1, models[run]?.metadata.labels)[0]?.label;
        const apart = logits.reduce((most, logit, i) => Math.max(most, Math.abs(logit - (scores[0]?.[i] as number))), 0);
        if (found !== word || !(apart < 1e-3)) wrong.push(`${word} with ${JSON.stringify(RUNS[run])}: ${found}, ${apart} from simd`);
      });
    }
    assert.ok(new Set(drawings.map(({ word }) => word)).size === 10);
    assert.deepEqual(wrong, []);
  });
}
