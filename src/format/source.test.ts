import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { LoadError } from "../graph/errors.ts";
import type { Graph, Numbers } from "../graph/graph.ts";
import { crc32 } from "./crc32.ts";
import { countFinite } from "./finite.ts";
import { readModelBytes } from "./materialize.ts";
import { type Progress, type ReadOptions, readModelFile, type Source } from "./source.ts";
import { writeModel } from "./write.ts";

const twoLayers: Graph<Numbers> = {
  name: "two layers",
  values: [
    { name: "x", type: "f32", shape: [-1, 40] },
    { name: "y", type: "f32", shape: [-1, 30] },
    { name: "z", type: "f32", shape: [-1, 30] },
  ],
  nodes: [
    {
      name: "dense",
      op: "dense",
      attrs: {
        inFeatures: 40,
        outFeatures: 30,
        inputKind: "float",
        inputScale: 1,
        inputZeroPoint: 0,
        weights: { kind: "float", data: Float32Array.from({ length: 1200 }, (_, i) => i) },
      },
      inputs: [0],
      outputs: [1],
    },
    { name: "act", op: "activation", attrs: { kind: "relu", alpha: 0, beta: 0 }, inputs: [1], outputs: [2] },
  ],
  inputs: [0],
  outputs: [2],
  metadata: { labels: [], entries: {} },
};
const file = writeModel(twoLayers);
const { graph: wanted, data: wantedData } = readModelBytes(file);

/** Read into memory of our own, as the engine does. */
async function read(source: Source, options: Partial<ReadOptions> = {}): Promise<void> {
  let data = new Uint8Array(0);
  let asked = 0;
  const graph = await readModelFile(source, { maxMemory: 2 ** 20, ...options }, { crc32, countFinite }, (dataBytes) => {
    asked++;
    data = new Uint8Array(dataBytes);
    return data;
  });
  assert.equal(asked, 1);
  assert.deepEqual(graph, wanted);
  assert.deepEqual(data, wantedData.slice());
}

function chunked(bytes: Uint8Array, size: number): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.subarray(at, at + size));
      at += size;
    },
  });
}

function refused(code: string, sentence: RegExp): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof LoadError, String(error));
    assert.equal(error.code, code, error.message);
    assert.match(error.message, sentence);
    return true;
  };
}

const server = createServer((request, response) => {
  if (request.url === "/model.hybit") response.end(file);
  else if (request.url === "/page") response.end("<!doctype html><p>hello");
  else if (request.url === "/cut") response.writeHead(200, { "content-length": file.length }).write(file.subarray(0, 500), () => response.destroy());
  else if (request.url === "/slow") response.writeHead(200).write(file.subarray(0, 500));
  else response.writeHead(404).end("<html>not here</html>");
});
let base = "";
before(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => {
  server.closeAllConnections();
  server.close();
});

test("every kind of source gives the same model", async () => {
  await read(file);
  await read(file.slice().buffer);
  await read(Buffer.concat([Buffer.from("x"), file]).subarray(1));
  await read(new Blob([file.slice()]));
  await read(new Response(file.slice()));
  await read(chunked(file, 1000));
  await read(new URL(`${base}/model.hybit`));
  await read(await fetch(`${base}/model.hybit`));
});

test("chunks may be cut anywhere, also empty", async () => {
  for (const size of [1, 3, 16, 63, 64, 65, 1009]) await read(chunked(file, size));
  const parts = [file.subarray(0, 0), file.subarray(0, 64), file.subarray(0, 0), file.subarray(64), file.subarray(0, 0)];
  await read(
    new ReadableStream({
      start(controller) {
        for (const part of parts) controller.enqueue(part);
        controller.close();
      },
    }),
  );
});

test("progress counts up to the size of the file", async () => {
  const seen: Progress[] = [];
  await read(chunked(file, 700), { onProgress: (progress) => seen.push(progress) });
  const loaded = seen.map((progress) => progress.loaded);
  assert.deepEqual(
    loaded,
    [...loaded].sort((a, b) => a - b),
  );
  assert.ok(seen.length >= file.length / 700);
  assert.deepEqual(seen.at(-1), { phase: "load", loaded: file.length, total: file.length });
});

test("a file cut at any length is truncated, one that goes on is invalid", async () => {
  for (let length = 1; length < file.length; length += 41) {
    await assert.rejects(read(chunked(file.subarray(0, length), 512)), refused("truncated", /ends after \d+ of \d+ bytes/), `length ${length}`);
  }
  await assert.rejects(read(new Uint8Array(0)), refused("not-a-model", /empty/));
  await assert.rejects(read(new Uint8Array([...file, 0])), refused("invalid", /goes on after/));
  await assert.rejects(read(chunked(new Uint8Array([...file, 0]), file.length)), refused("invalid", /goes on after/));
});

test("a changed weight, a size over the limit and an aborted load are refused", async () => {
  await assert.rejects(read(file.with(file.length - 1, 77)), refused("checksum", /contents does not match/));
  await assert.rejects(read(file, { maxMemory: 1000 }), refused("too-large", /maxMemory is 1000/));
  await assert.rejects(read(file, { signal: AbortSignal.abort() }), refused("aborted", /aborted/));
  const controller = new AbortController();
  const endless = new ReadableStream<Uint8Array>({ start: (stream) => stream.enqueue(file.subarray(0, 200)) });
  setTimeout(() => controller.abort(), 10);
  await assert.rejects(read(endless, { signal: controller.signal }), refused("aborted", /aborted/));
});

test("what a server answers instead of a model is named, with its address and status", async () => {
  await assert.rejects(read(new URL(`${base}/missing`)), refused("fetch", /\/missing \(HTTP 404\)/));
  await assert.rejects(read(new URL(`${base}/page`)), refused("not-a-model", /\/page \(HTTP 200\).*HTML/));
  await assert.rejects(read(new URL(`${base}/cut`)), refused("fetch", /\/cut.*broke off/));
  await assert.rejects(read(new URL(`${base}/slow`), { signal: AbortSignal.timeout(50) }), refused("aborted", /aborted/));
  await assert.rejects(read(new URL("http://127.0.0.1:1/none")), refused("fetch", /could not be fetched/));
  await assert.rejects(read(pathToFileURL("model.hybit")), refused("fetch", /readFile/));
  const used = new Response(file.slice());
  await used.arrayBuffer();
  await assert.rejects(read(used), refused("fetch", /read before/));
});

test("a stream that fails, or gives something else than bytes, is a source that cannot be read", async () => {
  const failing = new ReadableStream<Uint8Array>({ start: (stream) => stream.error(new Error("disk gone")) });
  await assert.rejects(read(failing), refused("fetch", /disk gone/));
  const texts = new Blob(["HYBT"]).stream().pipeThrough(new TextDecoderStream()) as ReadableStream;
  await assert.rejects(read(texts), refused("fetch", /string chunks/));
  const locked = chunked(file, 100);
  locked.getReader();
  await assert.rejects(read(locked), refused("fetch", /read by somebody else/));
  const path: unknown = "model.hybit";
  await assert.rejects(read(path as Source), refused("fetch", /"model\.hybit" is not bytes/));
});
