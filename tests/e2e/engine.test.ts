// Whole random networks: written, loaded and run by every build and by the reference kernels, against the
// independent float64 oracle. Runs where a value falls on its threshold prove nothing and are drawn again.
import assert from "node:assert/strict";
import { test } from "node:test";
import { writeModel } from "../../src/format/write.ts";
import { loadModel } from "../../src/index.ts";
import { interpret } from "../support/interpret.ts";
import { Random } from "../support/random.ts";
import { randomGraph } from "../support/random-graph.ts";

const GRAPHS = Number(process.env.HYBIT_GRAPHS ?? (process.env.HYBIT_DEEP === "1" ? 2000 : 400));
const MARGIN = 1e-5;

test(`${GRAPHS} random networks equal the oracle in every build, batch 1 to 3`, async () => {
  const failures: string[] = [];
  let compared = 0;
  for (let seed = 1; compared < GRAPHS && seed < 10 * GRAPHS; seed++) {
    const random = new Random(seed);
    const graph = randomGraph(random, random.int(1, 8));
    const input = graph.values[graph.inputs[0] as number];
    const batch = random.int(1, 3);
    const shape = [batch, ...(input?.shape.slice(1) ?? [])];
    const x = random.floats(shape.reduce((a, b) => a * b, 1));

    let nearest = Number.POSITIVE_INFINITY;
    const probe = (_: string, value: number, threshold: number) => {
      nearest = Math.min(nearest, Math.abs(value - threshold) || (Number.isInteger(value) ? Number.POSITIVE_INFINITY : 0));
    };
    const name = graph.values[graph.outputs[0] as number]?.name ?? "";
    const expected = interpret(graph, { x: { shape, data: x } }, { probe }).get(name)?.data ?? [];
    if (nearest < MARGIN || !Array.from(expected).every((v) => Math.abs(v) < 1e6)) continue;
    compared++;

    const file = writeModel(graph);
    for (const options of [{ build: "simd" }, { build: "scalar" }, { build: "simd", kernels: "reference" }] as const) {
      const ops = graph.nodes.map((node) => node.op).join(" ");
      const where = `seed ${seed}, ${JSON.stringify(options)}, batch ${batch}: ${ops}`;
      try {
        const model = await loadModel(file, options);
        const y = model.run({ x })[name] as Float32Array;
        assert.equal(y.length, expected.length);
        const worst = y.reduce(
          (most, value, i) => Math.max(most, Math.abs(value - (expected[i] as number)) / (1 + Math.abs(expected[i] as number))),
          0,
        );
        if (!(worst < 1e-4)) failures.push(`${where}: differs by ${worst}`);
      } catch (error) {
        failures.push(`${where}: ${error}`);
      }
    }
  }
  assert.equal(compared, GRAPHS);
  assert.equal(failures.length, 0, `${failures.length} failures:\n${failures.slice(0, 10).join("\n")}`);
});
