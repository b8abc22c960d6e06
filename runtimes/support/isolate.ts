// A bundle in plain workerd, with nothing of miniflare around it: what is measured is the Worker. Linux only, by /proc.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { WORKERD } from "./paths.ts";
import { COMPATIBILITY_DATE, listModules } from "./worker.ts";

/** Of the times in /proc/PID/stat: Linux has counted hundredths of a second there ever since. */
const TICKS_PER_SECOND = 100;

export interface Workerd extends AsyncDisposable {
  url: string;
  /** From the start of the process to its first answer. */
  startMs: number;
  /** Processor time since the process began. */
  cpuMs(): number;
  /** Resident memory of the whole process. */
  rssBytes(): number;
  /** Memory of the isolate, garbage included: its JavaScript heap and its buffers. WebAssembly memories are in neither. */
  isolateBytes(): Promise<{ heap: number; buffers: number }>;
}

/** Serve the bundle in `folder` until it is disposed. `probe` is the first request. */
export async function startWorkerd(folder: string, probe: RequestInit): Promise<Workerd> {
  const [port, inspector] = [await findPort(), await findPort()];
  const kinds = { ESModule: "esModule", CompiledWasm: "wasm", Data: "data" };
  const modules = listModules(folder).map(({ type, path }) => `(name = "${path}", ${kinds[type]} = embed "${path}")`);
  const config = join(folder, "config.capnp");
  writeFileSync(
    config,
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = (modules = [${modules.join(", ")}], compatibilityDate = "${COMPATIBILITY_DATE}"))],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")]
);
`,
  );
  const started = performance.now();
  const child = spawn(WORKERD, ["serve", config, `--inspector-addr=127.0.0.1:${inspector}`], { stdio: "ignore" });
  const url = `http://127.0.0.1:${port}/`;
  await answer(child, url, probe);
  const startMs = performance.now() - started;
  return {
    url,
    startMs,
    cpuMs: () => readCpuMs(child.pid as number),
    rssBytes: () => Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1]) * 1024,
    isolateBytes: () => readIsolateBytes(inspector),
    async [Symbol.asyncDispose]() {
      const exit = once(child, "exit");
      child.kill("SIGKILL");
      await exit;
    },
  };
}

async function answer(child: ChildProcess, url: string, probe: RequestInit): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`workerd ended with ${child.exitCode}`);
    try {
      const response = await fetch(url, probe);
      if (!response.ok) throw new Error(`workerd answers ${response.status}: ${await response.text()}`);
      await response.arrayBuffer();
      return;
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // not a refused connection
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }
}

async function findPort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}

function readCpuMs(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, "latin1");
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" "); // from field 3 on
  return ((Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND) * 1000;
}

async function readIsolateBytes(port: number): Promise<{ heap: number; buffers: number }> {
  const [target] = (await (await fetch(`http://127.0.0.1:${port}/json`)).json()) as { webSocketDebuggerUrl: string }[];
  const socket = new WebSocket(target?.webSocketDebuggerUrl as string);
  await once(socket, "open");
  const answered = once(socket, "message");
  socket.send(JSON.stringify({ id: 1, method: "Runtime.getHeapUsage" }));
  const [{ data }] = (await answered) as [{ data: string }];
  const { totalSize, backingStorageSize } = JSON.parse(data).result as { totalSize: number; backingStorageSize: number };
  socket.close();
  return { heap: totalSize, buffers: backingStorageSize };
}
