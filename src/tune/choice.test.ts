// Who chooses the kernels: the static rule, a family, single layers, the machine. Whoever it is, results stay the same.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { type InlineOptions, loadModel, PlanError } from "../index.ts";

const bytes = readFileSync("models/sketch10-fbin.hybit");
const INPUT = Float32Array.from({ length: 28 * 28 }, (_, i) => Math.sin(i));

async function run(options: InlineOptions): Promise<{ kernels: Record<string, string>; logits: Float32Array }> {
  const model = await loadModel(bytes, options);
  const kernels = Object.fromEntries(model.plan().steps.map(({ node, kernel }) => [node, kernel]));
  return { kernels, logits: model.run({ input: INPUT }).logits as Float32Array };
}

test("a family is taken where it fits, a kernel where it is named; results are equal", async () => {
  const free = await run({});
  const family = await run({ kernels: "im2row" });
  const [node, kernel] = Object.entries(family.kernels).find(([, name]) => name.includes("im2row")) as [string, string];
  const single = await run({ kernels: { [node]: kernel } });
  assert.notEqual(free.kernels[node], kernel);
  assert.deepEqual(single.kernels, { ...free.kernels, [node]: kernel });
  for (const { logits } of [family, single]) {
    logits.forEach((logit, i) => {
      assert.ok(Math.abs(logit - (free.logits[i] as number)) < 1e-4);
    });
  }
});

test("a kernel that cannot run the layer is refused, with those that can", async () => {
  const { kernels } = await run({});
  const [node] = Object.entries(kernels).find(([, name]) => name.includes("lut5")) as [string, string];
  const isRight = (error: unknown) => error instanceof PlanError && /_dot_2x4 cannot run it; one of these can: conv2d_b1b1/.test(error.message);
  await assert.rejects(loadModel(bytes, { kernels: { [node]: "dense_f32_dot_2x4" } }), isRight);
});

test("tune: quick and full give the results of off", async () => {
  const off = await run({ tune: "off" });
  for (const tune of ["quick", "full"] as const) {
    const { logits } = await run({ tune });
    logits.forEach((logit, i) => {
      assert.ok(Math.abs(logit - (off.logits[i] as number)) < 1e-4);
    });
  }
});

test("tune: full needs the bytes", async () => {
  await assert.rejects(loadModel(new Blob([bytes]), { tune: "full" }), /pass its bytes/);
});
