// The HTTP app without a socket: every path, what it refuses and how, batches, and bodies of noise.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { PNG } from "pngjs";
import { readPictures } from "../../src/cli/images.ts";
import { preprocess } from "../../src/image/preprocess.ts";
import { loadModel } from "../../src/index.ts";
import { createApp, type ServeOptions } from "../../src/serve/app.ts";
import { Random } from "../support/random.ts";

const model = await loadModel(readFileSync("models/sketch10-hybrid.hybit"));
const OPTIONS: ServeOptions = {
  ...{ maxBody: 50_000, maxConcurrent: 64, windowMs: 0, maxBatch: 8, version: "1.2.3" },
  readPicture: (bytes) =>
    preprocess((readPictures(bytes, model.metadata.preprocess)[0] as { pixels: Parameters<typeof preprocess>[0] }).pixels, model),
};
const RAW = "application/octet-stream";

type App = ReturnType<typeof createApp>;

async function post(app: App, body: BodyInit, type: string | undefined, query = ""): Promise<{ status: number; headers: Headers; body: unknown }> {
  const response = await app.fetch(
    new Request(`http://localhost/predict${query}`, { method: "POST", body, headers: type ? { "Content-Type": type } : {} }),
  );
  return { status: response.status, headers: response.headers, body: await response.json() };
}

async function get(app: App, path: string): Promise<Response> {
  return app.fetch(new Request(`http://localhost${path}`));
}

function images(count: number): Float32Array<ArrayBuffer>[] {
  const random = new Random(4);
  return Array.from({ length: count }, () => new Float32Array(random.floats(784, 0, 1)));
}

test("a drawing, its pixels and its numbers get the same answer", async () => {
  const app = createApp(model, OPTIONS);
  const [line = ""] = readFileSync("examples/drawings/cat.ndjson", "utf8").split("\n");
  const strokes = await post(app, line, "application/json", "?top=2");
  assert.equal(strokes.status, 200);
  const { top } = strokes.body as { top: { label: string }[] };
  assert.deepEqual([top.length, top[0]?.label], [2, "cat"]);
  const input = OPTIONS.readPicture?.(new TextEncoder().encode(line)) as Float32Array<ArrayBuffer>;
  assert.deepEqual((await post(app, input, RAW, "?top=2")).body, strokes.body);
  assert.deepEqual(
    (await post(app, JSON.stringify({ inputs: { input: [...input] } }), "application/json; charset=utf-8", "?top=2")).body,
    strokes.body,
  );
  const all = (await post(app, input, RAW, "?outputs=1")).body as { top: unknown[]; outputs: { logits: number[] } };
  assert.deepEqual([all.top.length, Float32Array.from(all.outputs.logits)], [5, model.run({ input }).logits]);

  const png = new PNG({ width: 28, height: 28 });
  png.data.fill(255);
  assert.equal((await post(app, new Uint8Array(PNG.sync.write(png)), "image/png")).status, 200);
});

test("requests within a window run as one batch, and get what they would alone", async () => {
  const app = createApp(model, { ...OPTIONS, windowMs: 20 });
  const inputs = images(20);
  const answers = await Promise.all(inputs.map((input) => post(app, input, RAW, "?outputs=1")));
  answers.forEach(({ body }, index) => {
    const { logits } = (body as { outputs: { logits: number[] } }).outputs;
    assert.deepEqual(Float32Array.from(logits), model.run({ input: inputs[index] as Float32Array }).logits);
  });
  const metrics = await (await get(app, "/metrics")).text();
  assert.match(metrics, /^hybit_batch_items_sum 20$/m);
  assert.match(metrics, /^hybit_batch_items_count 3$/m);
  assert.match(metrics, /^hybit_requests_total\{status="200"\} 20$/m);
  assert.match(metrics, /^hybit_requests_in_flight 0$/m);
});

test("in a batch, a request that cannot be run costs no other its answer", async () => {
  const app = createApp(model, { ...OPTIONS, windowMs: 20 });
  const inputs = images(3);
  inputs[1]?.fill(Number.NaN);
  const answers = await Promise.all(inputs.map((input) => post(app, input, RAW)));
  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 422, 200],
  );
  assert.equal((answers[1]?.body as { error: { code: string } }).error.code, "input-not-finite");
});

const REFUSED: [what: string, status: number, code: string, body: BodyInit, type?: string, query?: string][] = [
  ["nothing", 400, "empty", "", RAW],
  ["no type", 415, "type", new Uint8Array(4), undefined],
  ["another type", 415, "type", "a=1", "application/x-www-form-urlencoded"],
  ["too much", 413, "too-large", new Uint8Array(50_001), RAW],
  ["too few numbers", 422, "length", new Float32Array(3), RAW],
  ["half of JSON", 400, "json", '{"inputs":', "application/json"],
  ["a list", 422, "json", "[1]", "application/json"],
  ["no inputs", 422, "json", "{}", "application/json"],
  ["another input", 422, "inputs", '{"inputs": {"x": [1]}}', "application/json"],
  ["no numbers", 422, "inputs", '{"inputs": {"input": 7}}', "application/json"],
  ["words", 422, "inputs", JSON.stringify({ inputs: { input: Array(784).fill("a") } }), "application/json"],
  ["a text as a picture", 422, "picture", "hello", "image/png"],
  ["a drawing of nothing", 422, "picture", '{"drawing": 5}', "application/json"],
  ["no top", 400, "query", new Float32Array(784), RAW, "?top=0"],
];

for (const [what, status, code, body, type, query] of REFUSED) {
  test(`${what} is refused with ${status} and a sentence`, async () => {
    const found = await post(createApp(model, OPTIONS), body, type, query);
    const { error } = found.body as { error: { code: string; message: string } };
    assert.deepEqual([found.status, error.code], [status, code]);
    assert.ok(error.message.length > 10);
  });
}

test("more requests than the limit are refused, and told when to come again", async () => {
  const app = createApp(model, { ...OPTIONS, maxConcurrent: 2, windowMs: 20 });
  const answers = await Promise.all(images(4).map((input) => post(app, input, RAW)));
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 200, 503, 503]);
  assert.equal(answers.find(({ status }) => status === 503)?.headers.get("Retry-After"), "1");
});

test("other paths and methods are told what there is", async () => {
  const app = createApp(model, OPTIONS);
  assert.deepEqual([(await get(app, "/predict")).status, (await get(app, "/predict")).headers.get("Allow")], [405, "POST"]);
  assert.equal((await get(app, "/other")).status, 404);
  assert.equal(((await (await get(app, "/health")).json()) as { status: string }).status, "ok");
  const api = (await (await get(app, "/openapi.json")).json()) as { openapi: string; paths: Record<string, object> };
  assert.equal(api.openapi, "3.1.0");
  assert.deepEqual(Object.keys(api.paths), ["/predict", "/health", "/metrics"]);
});

test("noise gets an answer, never a mistake of the server", async () => {
  const app = createApp(model, OPTIONS);
  const types = fc.constantFrom("application/json", "image/png", "image/jpeg", RAW, "text/plain", undefined);
  const bodies = fc.oneof(
    fc.uint8Array({ maxLength: 300 }).map((bytes) => new Uint8Array(bytes)),
    fc.json(),
    fc.json().map((json) => `{"drawing": ${json}}`),
    fc.json().map((json) => `{"inputs": {"input": ${json}}}`),
  );
  await fc.assert(
    fc.asyncProperty(types, bodies, async (type, body) => {
      const { status } = await post(app, body, type);
      assert.ok(status < 500, `${status}`);
    }),
    { numRuns: 500 },
  );
});
