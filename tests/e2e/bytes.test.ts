// Networks with int8 values: they give what the same networks give with floats, to the bit, and say what they take.
import assert from "node:assert/strict";
import { resolve } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { materialize, readModelBytes } from "../../src/format/materialize.ts";
import { readTables } from "../../src/format/tables.ts";
import { writeModel } from "../../src/format/write.ts";
import { loadModel, PlanError, RunError } from "../../src/index.ts";
import { loadThreaded } from "../../src/threads/load.ts";
import { nodeHost } from "../../src/threads/node.ts";
import { bytesNet, PIXELS } from "../support/bytes-net.ts";
import { Random } from "../support/random.ts";

const host = nodeHost(pathToFileURL(resolve("dist/threads-node-worker.js")));
const ITEM = 3 * 17 * 19;
const SCORES = "dense3.out";
const random = new Random(3);
const q = Int8Array.from({ length: 2 * ITEM }, () => random.int(-128, 127));
const floats = Float32Array.from(q, (value) => PIXELS.scale * (value - PIXELS.zeroPoint));
const plain = writeModel(bytesNet({ input: false, between: false }));

async function run(file: Uint8Array, x: Int8Array | Float32Array, kernels = "auto"): Promise<Float32Array> {
  using model = await loadModel(file, { kernels });
  return model.run({ x })[SCORES] as Float32Array;
}

for (const between of [false, true]) {
  for (const input of [false, true]) {
    test(`int8 ${input ? "input" : "nowhere"}${between ? ", int8 between layers" : ""}: the same scores as from floats`, async () => {
      const file = writeModel(bytesNet({ input, between }));
      for (const kernels of ["auto", "reference"]) {
        assert.deepEqual(await run(file, input ? q : floats, kernels), await run(plain, floats, kernels), kernels);
      }
    });
  }
}

test("on several threads, too", async () => {
  const file = writeModel(bytesNet({ input: true, between: true }));
  const expected = await run(file, q);
  for (const threads of [1, 2, 3]) {
    using model = await loadThreaded(file, { threads }, host);
    assert.deepEqual(model.run({ x: q })[SCORES], expected, `${threads} threads`);
  }
});

test("int8 values take a quarter of the memory of floats", async () => {
  const plans = await Promise.all(
    [plain, writeModel(bytesNet({ input: true, between: true }))].map(async (file) => {
      using model = await loadModel(file);
      return model.plan().values.map(({ bytes }) => bytes);
    }),
  );
  const [before = [], after = []] = plans;
  assert.deepEqual(
    before.slice(0, -1).map((bytes, i) => bytes / (after[i] as number)),
    [4, 4, 4, 4],
  );
});

test("the model says that it takes int8, profiles on zeros, and refuses other arrays", async () => {
  using model = await loadModel(writeModel(bytesNet({ input: true, between: true })));
  assert.deepEqual(model.inputs, [{ name: "x", type: "i8", shape: [-1, 3, 17, 19] }]);
  assert.equal(model.profile({ runs: 1, warmup: 0 }).length, 3);
  const given: unknown[] = [floats, new Uint8Array(ITEM), null];
  for (const x of given) {
    assert.throws(
      () => model.run({ x: x as Int8Array }),
      (error: unknown) => error instanceof RunError && error.code === "input-type" && /pass a Int8Array of shape \[-1,3,17,19\]/.test(error.message),
    );
  }
  assert.throws(
    () => model.run({ x: new Int8Array(ITEM + 1) }),
    (error: unknown) => error instanceof RunError && error.code === "input-length",
  );
});

test("an int8 output of the graph is refused when the model is loaded", async () => {
  const graph = bytesNet({ input: true, between: true });
  graph.outputs.push(1);
  await assert.rejects(
    loadModel(writeModel(graph)),
    (error: unknown) => error instanceof PlanError && /"conv2d0.out" goes in or out as i8; it must be f32/.test(error.message),
  );
});

test("only files with int8 values have schema version 3, and they come back whole", () => {
  for (const [input, between, version] of [
    [false, false, 2],
    [true, false, 3],
    [false, true, 3],
  ] as const) {
    const bytes = writeModel(bytesNet({ input, between }));
    const { graph, data } = readModelBytes(bytes);
    assert.equal(readVersion(bytes), version);
    const again = materialize(graph, data);
    assert.deepEqual(writeModel(again), bytes);
    assert.deepEqual(
      again.nodes.map((node) => "quantize" in node.attrs),
      [between, between, false, false],
    );
  }
});

function readVersion(file: Uint8Array): number {
  const [graphAt, graphBytes] = [16, 20].map((at) => new DataView(file.buffer, file.byteOffset).getUint32(at, true)) as [number, number];
  return readTables(file.slice(graphAt, graphAt + graphBytes), file.length).schemaVersion;
}
