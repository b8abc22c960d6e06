// examples/worker, bundled by wrangler and run by workerd: what it answers, from all three sources of the model, and what it refuses.
import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { loadModel, topK } from "hybit";
import { type Pixels, preprocess, rasterize, type Strokes } from "hybit/image";
import { buildPng, cutRows } from "../support/png.ts";
import { bundleExample, startWorker } from "../support/worker.ts";

const MODEL = "sketch10-hybrid.hybit";
const bundle = bundleExample("worker");
const model = await loadModel(readFileSync(`models/${MODEL}`));
const drawings = readdirSync("examples/drawings").map((name) => {
  const [line = ""] = readFileSync(`examples/drawings/${name}`, "utf8").split("\n");
  return JSON.parse(line) as { word: string; drawing: Strokes };
});
const cat = drawings.find(({ word }) => word === "cat")?.drawing as Strokes;

let worker: Awaited<ReturnType<typeof startWorker>>;
before(async () => {
  worker = await startWorker(bundle.folder);
});
after(() => worker.miniflare.dispose());

interface Answer {
  status: number;
  top?: { label: string; score: number; probability: number }[];
  code?: string;
  error?: string;
}

async function post(body: BodyInit, url = worker.url): Promise<Answer> {
  // A body that is refused early ends its connection; the next request must not be on it.
  const response = await fetch(url, { method: "POST", body, duplex: "half", headers: { connection: "close" } } as RequestInit);
  return { status: response.status, ...((await response.json()) as object) };
}

const send = (drawing: Strokes) => post(JSON.stringify({ drawing }));

/** What Node says of the same pixels. */
function expected(pixels: Pixels) {
  return topK(model.run({ input: preprocess(pixels, model) as Float32Array }).logits ?? [], 5, model.metadata.labels);
}

const strip = (answer: Answer) => answer.top?.map(({ label, score }) => ({ label, score }));
const labels = (answer: Answer) => answer.top?.map(({ label }) => label);

test("strokes and PNGs of all example drawings are recognised, with Node's scores to the bit", async () => {
  for (const { word, drawing } of drawings) {
    const pixels = rasterize(drawing);
    const wanted = expected(pixels).map(({ label, score }) => ({ label, score }));
    assert.equal(wanted[0]?.label, word);
    assert.deepEqual(strip(await send(drawing)), wanted, word);
    assert.deepEqual(strip(await post(JSON.stringify(drawing))), wanted, `${word}, bare`);
    assert.deepEqual(strip(await post(buildPng(pixels, cutRows(pixels.data as Uint8Array, 28)))), wanted, `${word}, PNG`);
  }
});

test("probabilities are those of all ten classes", async () => {
  const { top = [] } = await send(cat);
  const sum = top.reduce((total, { probability }) => total + probability, 0);
  assert.equal(top.length, 5);
  assert.ok(sum > 0.99 && sum <= 1 + 1e-9, `sum ${sum}`);
});

test("every kind of PNG shows the same cat", async () => {
  const { data, width, height } = rasterize(cat, 64);
  const size = { width, height };
  const spread = (samples: (grey: number) => number[]) => Uint8Array.from([...data].flatMap(samples));
  const wanted = expected({ width, height, data }).map(({ label }) => label);
  const isInk = [...data].map((grey) => grey < 128);
  const bits = Uint8Array.from({ length: (width * height) / 8 }, (_, i) =>
    isInk.slice(8 * i, 8 * i + 8).reduce((byte, ink) => 2 * byte + (ink ? 0 : 1), 0),
  );
  const black = { width, height, data: Uint8Array.from(isInk, (ink) => (ink ? 0 : 255)) };
  const kinds = {
    "16 bits": buildPng(
      { ...size, depth: 16 },
      cutRows(
        spread((grey) => [grey, grey]),
        width * 2,
      ),
    ),
    RGB: buildPng(
      { ...size, colour: 2 },
      cutRows(
        spread((grey) => [grey, grey, grey]),
        width * 3,
      ),
    ),
    RGBA: buildPng(
      { ...size, colour: 6 },
      cutRows(
        spread((grey) => [0, 0, 0, 255 - grey]),
        width * 4,
      ),
    ),
    "grey and alpha": buildPng(
      { ...size, colour: 4 },
      cutRows(
        spread((grey) => [0, 255 - grey]),
        width * 2,
      ),
    ),
    "with a profile that unpacks to much": buildPng({ ...size, extra: [["iCCP", Buffer.from("x\0\0garbage")]] }, cutRows(data as Uint8Array, width)),
  };
  for (const [kind, file] of Object.entries(kinds)) assert.deepEqual(labels(await post(file)), wanted, kind);

  const hard = expected(black).map(({ label, score }) => ({ label, score }));
  const twoColours = {
    "1 bit": buildPng({ ...size, depth: 1 }, cutRows(bits, width / 8)),
    palette: buildPng({ ...size, depth: 1, colour: 3, palette: [0, 0, 0, 255, 255, 255] }, cutRows(bits, width / 8)),
    "transparent palette": buildPng({ ...size, depth: 1, colour: 3, palette: [0, 0, 0, 9, 9, 9], transparency: [255, 0] }, cutRows(bits, width / 8)),
    "transparent white": buildPng({ ...size, depth: 1, transparency: [0, 1] }, cutRows(bits, width / 8)),
  };
  for (const [kind, file] of Object.entries(twoColours)) assert.deepEqual(strip(await post(file)), hard, kind);
});

test("what is wrong is refused with its status, a code and a sentence", async () => {
  const png = buildPng({ width: 28, height: 28 }, cutRows(rasterize(cat).data as Uint8Array, 28));
  const altered = Uint8Array.from(png);
  altered[60] = (altered[60] as number) ^ 255;
  const stream = (bytes: number) => new Blob([new Uint8Array(bytes)]).stream();
  const dot = [[Array(5000).fill(1), Array(5000).fill(2)]];
  const cases: [what: string, body: BodyInit, status: number, code: string][] = [
    ["nothing", "", 400, "body-empty"],
    ["a text", "hello", 415, "not-a-picture"],
    ["a JPEG", Buffer.from("ffd8ffe000104a464946", "hex"), 415, "not-a-picture"],
    ["a model", readFileSync(`models/${MODEL}`), 415, "not-a-picture"],
    ["300 KB", Buffer.alloc(300_000), 413, "body-too-large"],
    ["300 KB of unknown length", stream(300_000), 413, "body-too-large"],
    ["half of a JSON", '{"drawing":[[[1,2', 400, "json-broken"],
    ["null", "[null]", 422, "strokes-broken"],
    ["no drawing", "{}", 422, "strokes-broken"],
    ["a number", '{"drawing":5}', 422, "strokes-broken"],
    ["more x than y", "[[[1,2],[1]]]", 422, "strokes-broken"],
    ["text in a stroke", '[[[1,"2"],[1,2]]]', 422, "strokes-broken"],
    ["infinite numbers", "[[[1,1e999],[1,2]]]", 422, "strokes-broken"],
    ["no strokes", "[]", 422, "no-ink"],
    ["empty strokes", "[[[],[]]]", 422, "no-ink"],
    ["5000 points", JSON.stringify(dot), 413, "strokes-too-many"],
    ["a white PNG", buildPng({ width: 28, height: 28 }, cutRows(new Uint8Array(784).fill(255), 28)), 422, "no-ink"],
    ["a PNG cut short", png.subarray(0, 200), 400, "png-broken"],
    ["the first bytes of a PNG", png.subarray(0, 10), 400, "png-broken"],
    ["a PNG with another byte", altered, 400, "png-broken"],
    ["a PNG that promises 30000 x 30000", buildPng({ width: 30000, height: 30000 }, []), 413, "picture-too-large"],
    ["a PNG that promises 0 x 0", buildPng({ width: 0, height: 0 }, []), 400, "png-broken"],
    ["a small PNG that unpacks to 100 MB", buildPng({ width: 28, height: 28 }, [new Uint8Array(1e8)]), 400, "png-broken"],
    ["a PNG with too few pixels", buildPng({ width: 28, height: 28 }, [new Uint8Array(28)]), 400, "png-broken"],
    ["a PNG of colour type 5", buildPng({ width: 1, height: 1, colour: 5 }, [new Uint8Array(1)]), 400, "png-broken"],
    ["an interlaced PNG", buildPng({ width: 28, height: 28, interlace: 1 }, []), 415, "png-interlaced"],
  ];
  const found = [];
  for (const [what, body] of cases) {
    const { status, code, error = "" } = await post(body);
    assert.match(error, /^[A-Z"].*[.}]$/, what);
    found.push([what, status, code]);
  }
  assert.deepEqual(
    found,
    cases.map(([what, , status, code]) => [what, status, code]),
  );
  for (const method of ["GET", "PUT", "DELETE"]) {
    const response = await fetch(worker.url, { method });
    assert.deepEqual([response.status, response.headers.get("allow")], [405, "POST"], method);
    assert.deepEqual(await response.json(), { error: "Send the picture with POST.", code: "method" });
  }
  assert.equal((await send(cat)).top?.[0]?.label, "cat", "and the next request is answered as ever");
});

test("the model comes from R2; while it is not there, requests are told so and the next one tries again", async () => {
  await using worker = await startWorker(bundle.folder, undefined, { r2Buckets: ["MODELS"], bindings: { MODEL_SOURCE: "r2" } });
  const body = JSON.stringify(cat);
  assert.deepEqual([(await post(body, worker.url)).status, (await post(body, worker.url)).code], [503, "model-unavailable"]);
  const bucket = await worker.openBucket("MODELS");
  await bucket.put(MODEL, "not a model");
  assert.equal((await post(body, worker.url)).status, 503);
  await bucket.put(MODEL, readFileSync(`models/${MODEL}`));
  const answers = await Promise.all(Array.from({ length: 8 }, () => post(body, worker.url)));
  for (const answer of answers) assert.equal(answer.top?.[0]?.label, "cat");
  await bucket.delete(MODEL);
  assert.equal((await post(body, worker.url)).status, 200, "loaded once an isolate");
});

test("the model comes from static assets", async () => {
  const directory = join(mkdtempSync(join(tmpdir(), "hybit-")), "public");
  mkdirSync(directory);
  cpSync("models/sketch10-fbin.hybit", join(directory, "other.hybit"));
  const assets = { directory, binding: "ASSETS", routerConfig: { has_user_worker: true } };
  for (const [key, status] of [
    ["other.hybit", 200],
    ["missing.hybit", 503],
  ] as const) {
    await using worker = await startWorker(bundle.folder, undefined, { assets, bindings: { MODEL_SOURCE: "assets", MODEL_KEY: key } });
    const answer = await post(JSON.stringify(cat), worker.url);
    assert.deepEqual([answer.status, answer.top?.[0]?.label], [status, status === 200 ? "cat" : undefined]);
  }
});

test("the upload is as small as the documents say", () => {
  const [, kilobytes] = /Total Upload: ([\d.]+) KiB/.exec(bundle.size) ?? [];
  assert.ok(Number(kilobytes) < 400, bundle.size);
});
