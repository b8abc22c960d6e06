// 20,000 damaged copies of a model that ships: each either is refused with a code, or loads and gives finite results
// of the right length. Nothing else may happen. Of the damaged graphs half have their checksums made right again; as
// hardly any of those gets past the verifier, a tenth of the copies has damaged weights only.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { LoadError, loadModel, PlanError, RunError } from "../../src/index.ts";
import { compileKernels } from "../../src/runtimes/inline.ts";
import { mutate, mutations } from "../support/mutate.ts";
import { Random } from "../support/random.ts";

const COUNT = 20_000;
const SEED = 7;

function* chain<T>(...generators: Generator<T>[]): Generator<T> {
  for (const generator of generators) yield* generator;
}

/** Copies with one to six words of the data section changed, checksums right. */
function* damagedWeights(model: Uint8Array, count: number): Generator<{ bytes: Uint8Array; what: string }> {
  const random = new Random(SEED);
  for (let index = 0; index < count; index++) {
    const list = Array.from({ length: random.int(1, 6) }, () => ({
      part: "data" as const,
      place: random.bits(),
      kind: random.pick(["byte", "bit", "word", "nudge", "copy"] as const),
      value: random.bits(),
    }));
    yield { bytes: mutate(model, list, true), what: `seed ${SEED}, weights ${index}: ${JSON.stringify(list)}` };
  }
}

test(`${COUNT} damaged models are refused or run within bounds`, async (t) => {
  const module = await compileKernels();
  const original = readFileSync("models/sketch10-hybrid.hybit");
  const x = new Random(SEED).floats(28 * 28, 0, 1);
  const ends: Record<string, number> = {};
  const wrong: string[] = [];
  for (const { bytes, what } of chain(mutations(original, SEED, 0.9 * COUNT), damagedWeights(original, 0.1 * COUNT))) {
    let end: string;
    try {
      // Not "using": esbuild's form of it for Node 20 throws a loop's last error again.
      const model = await loadModel(bytes, { module });
      const input = model.inputs[0]?.name ?? "";
      for (const { name, shape } of model.outputs) {
        const output = model.run({ [input]: x })[name] ?? new Float32Array(0);
        if (output.length !== Math.abs(shape.reduce((a, b) => a * b, 1)) || !output.every(Number.isFinite)) wrong.push(`${what}: output ${output}`);
      }
      end = "runs";
    } catch (error) {
      if (error instanceof LoadError || error instanceof PlanError || error instanceof RunError) end = `${error.name} ${error.code}`;
      else {
        end = "something else";
        wrong.push(`${what}: ${error instanceof Error ? error.stack : error}`);
      }
    }
    ends[end] = (ends[end] ?? 0) + 1;
  }
  t.diagnostic(JSON.stringify(ends));
  assert.equal(wrong.length, 0, `${wrong.length} surprises:\n${wrong.slice(0, 5).join("\n")}`);
  for (const end of ["runs", "LoadError checksum", "LoadError invalid"]) assert.ok((ends[end] ?? 0) > 100, `${ends[end]} times "${end}"`);
});
