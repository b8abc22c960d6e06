// hybit serve as a process: where it listens, and how it ends.
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { CLI } from "./command-line.ts";

const MODEL = resolve("models/sketch10-fbin.hybit");

interface Started {
  child: ChildProcess;
  url: string;
  exited: Promise<unknown[]>;
}

async function start(...args: string[]): Promise<Started> {
  const child = spawn(process.execPath, [CLI, "serve", MODEL, "--port", "0", ...args]);
  const exited = once(child, "exit");
  const [line] = (await once(createInterface(child.stdout), "line")) as [string];
  const url = /http:\/\/127\.0\.0\.1:\d+\/predict/.exec(line)?.[0];
  assert.ok(url, line);
  return { child, url, exited };
}

function ask(url: string): Promise<Response> {
  return fetch(url, { method: "POST", body: new Float32Array(784), headers: { "Content-Type": "application/octet-stream" } });
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  test(`it answers at the loopback address, and ends at ${signal} with 0`, async () => {
    const { child, url, exited } = await start();
    const answer = (await (await ask(url)).json()) as { top: unknown[] };
    assert.equal(answer.top.length, 5);
    child.kill(signal);
    assert.deepEqual(await exited, [0, null]);
    await assert.rejects(ask(url));
  });
}

test("a request that has come before the signal is answered", async () => {
  const { child, url, exited } = await start("--batch-window", "500");
  const asked = ask(url);
  // Until the server has it.
  while (!/in_flight 1$/m.test(await (await fetch(url.replace("predict", "metrics"))).text()));
  child.kill("SIGTERM");
  assert.equal((await asked).status, 200);
  assert.deepEqual(await exited, [0, null]);
});

test("a second signal does not wait", async () => {
  const { child, url, exited } = await start("--batch-window", "60000");
  const asked = assert.rejects(ask(url));
  while (!/in_flight 1$/m.test(await (await fetch(url.replace("predict", "metrics"))).text()));
  child.kill("SIGINT");
  await once(child.stderr as NonNullable<typeof child.stderr>, "data");
  child.kill("SIGINT");
  assert.deepEqual(await exited, [130, null]);
  await asked;
});

test("a port that is taken is named", async () => {
  const first = await start();
  const port = new URL(first.url).port;
  const second = spawn(process.execPath, [CLI, "serve", MODEL, "--port", port]);
  const [[said], [code]] = await Promise.all([once(second.stderr, "data"), once(second, "exit")]);
  assert.match(String(said), new RegExp(`^hybit: port ${port} is in use; choose another with --port, or 0 for any\n$`));
  assert.equal(code, 1);
  first.child.kill("SIGTERM");
  await first.exited;
});
