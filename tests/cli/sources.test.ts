// Where convert reads ONNX files from: a path with files beside it, a URL, a pipe.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, test } from "node:test";
import { buildModel } from "../support/onnx-builder.ts";
import { openSession } from "./command-line.ts";

const session = openSession();
after(() => session.close());

const spec = { nodes: [{ op: "Add", inputs: ["x", "c"], outputs: ["y"] }], inputs: [{ name: "x", shape: ["n", 2] }], outputs: ["y"] };
const whole = buildModel({ ...spec, initializers: { c: { dims: [2], values: [3, 4] } } });
const external = (location: string) => buildModel({ ...spec, initializers: { c: { dims: [2], values: [], external: { location } } } });
const numbers = new Uint8Array(Float32Array.of(3, 4).buffer);
mkdirSync(join(session.folder, "net"));
session.write("net/whole.onnx", whole);
session.write("net/parts.onnx", external("parts.bin"));
session.write("net/parts.bin", numbers);
session.write("net/lost.onnx", external("lost.bin"));
session.write("net/out.onnx", external("../parts.bin"));

test("a model whose numbers are beside it becomes the same as one that holds them", async () => {
  for (const name of ["whole", "parts"]) {
    const { code, stderr } = await session.hybit("convert", `net/${name}.onnx`, "-o", `${name}.hybit`, "--name", "same");
    assert.deepEqual([code, stderr], [0, ""]);
  }
  assert.deepEqual(readFileSync(join(session.folder, "parts.hybit")), readFileSync(join(session.folder, "whole.hybit")));
  const lost = await session.hybit("convert", "net/lost.onnx", "-o", "y.hybit");
  assert.deepEqual([lost.code, lost.stderr], [1, `hybit: ${join("net", "lost.bin")}: cannot be read: there is no such file\n`]);
  const outside = await session.hybit("convert", "net/out.onnx", "-o", "y.hybit");
  assert.match(outside.stderr, /^hybit: net\/out\.onnx: numbers are kept in "\.\.\/parts\.bin", which is not beside the model/);
});

test("what is piped in is converted", async () => {
  const { code, stdout } = await session.hybitWith({ stdin: whole }, "convert", "-", "-o", "piped.hybit", "--name", "same");
  assert.equal(code, 0);
  assert.match(stdout, /stdin has/);
  assert.deepEqual(readFileSync(join(session.folder, "piped.hybit")), readFileSync(join(session.folder, "whole.hybit")));
  assert.equal((await session.hybitWith({ stdin: new Uint8Array() }, "convert", "-", "-o", "y.hybit")).stderr, "hybit: stdin: it is empty\n");
  const parts = await session.hybitWith({ stdin: external("parts.bin") }, "convert", "-", "-o", "y.hybit");
  assert.match(parts.stderr, /stdin: initializer "c" is kept in the file "parts\.bin", which is not there/);
});

test("a URL is fetched, with what is beside it; what cannot be is explained", async () => {
  const served: Record<string, Uint8Array> = { "/a/whole.onnx": whole, "/a/parts.onnx": external("parts.bin"), "/a/parts.bin": numbers };
  const server = createServer(({ url = "" }, response) => {
    const body = served[url];
    if (body) response.setHeader("content-length", body.length).end(body);
    else response.writeHead(404).end("no");
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const root = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    for (const name of ["whole", "parts"]) {
      const { code, stderr } = await session.hybit("convert", `${root}/a/${name}.onnx`, "-o", "url.hybit", "--name", "same");
      assert.deepEqual([code, stderr], [0, ""]);
      assert.deepEqual(readFileSync(join(session.folder, "url.hybit")), readFileSync(join(session.folder, "whole.hybit")));
    }
    const missing = await session.hybit("convert", `${root}/none.onnx`, "-o", "y.hybit");
    assert.deepEqual([missing.code, missing.stderr], [1, `hybit: ${root}/none.onnx: the server says 404 Not Found\n`]);
  } finally {
    server.close();
  }
  const gone = await session.hybit("convert", `${root}/a/whole.onnx`, "-o", "y.hybit");
  assert.deepEqual([gone.code, gone.stderr], [1, `hybit: ${root}/a/whole.onnx: cannot be fetched: ECONNREFUSED\n`]);
});
