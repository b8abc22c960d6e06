// Starts plain workerd on modules of build/runtimes.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { PACKED, WORKERD } from "./paths.ts";

const KINDS = { js: "esModule", wasm: "wasm", hybit: "data" };

/** Serve modules, the entry first, by their file names; waits until it answers. */
export async function startWorkerd(modules: readonly string[]): Promise<{ url: string; pid: number; [Symbol.asyncDispose](): Promise<void> }> {
  const port = await freePort();
  const spelled = modules.map((name) => `(name = "${name}", ${KINDS[name.split(".").at(-1) as keyof typeof KINDS]} = embed "${name}")`);
  const config = `${PACKED}/workerd-${port}.capnp`;
  writeFileSync(
    config,
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = (modules = [${spelled.join(", ")}], compatibilityDate = "2026-07-01"))],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);
`,
  );
  const child = spawn(WORKERD, ["serve", config], { stdio: ["ignore", "inherit", "inherit"] });
  const exited = once(child, "exit");
  const url = `http://127.0.0.1:${port}`;
  let isUp = false;
  while (!isUp && child.exitCode === null) {
    await sleep(5);
    isUp = await fetch(url, { method: "HEAD" }).then(
      () => true,
      () => false,
    );
  }
  if (!isUp) throw new Error(`workerd ended with ${child.exitCode}`);
  return {
    url,
    pid: child.pid as number,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await exited;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
