// Requests a second and how long they take: hybit serve against a server around onnxruntime-node, in turns, over loopback.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { loadModel } from "../../src/index.ts";
import type { Bench, PartResult } from "../bench.ts";
import { makeInputs } from "../nets/shipped.ts";
import { installPeers } from "../peers/open.ts";
import { importPeer } from "../peers/peer.ts";
import { spellNumber } from "../report/table.ts";

const MODELS = ["sketch10-hybrid", "sketch345-hybrid"];
const CONNECTIONS = 16;
const SECONDS = 3;
const ROUNDS = 5;
const FOLDER = "build/bench";

interface Load {
  requests: { average: number };
  latency: { p50: number; p99: number };
  non2xx: number;
  errors: number;
}

async function start(...args: string[]) {
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = (await once(createInterface(child.stdout), "line")) as [string];
  return { url: /http:\S+predict/.exec(line)?.[0] as string, end: () => child.kill("SIGKILL") };
}

export async function runServe(bench: Bench): Promise<PartResult> {
  installPeers(bench.say);
  const { default: autocannon } = (await importPeer("autocannon")) as unknown as { default: (options: object) => Promise<Load> };
  const rows: string[][] = [];
  const data: object[] = [];
  mkdirSync(FOLDER, { recursive: true });
  for (const model of MODELS) {
    const hybit = `models/${model}.hybit`;
    const onnx = `${FOLDER}/${model}.onnx`;
    execFileSync(process.execPath, ["dist/cli.js", "export", hybit, "-o", onnx], { stdio: "ignore" });
    const [input] = Object.values(makeInputs(await loadModel(readFileSync(hybit))));
    const servers = {
      "hybit serve": await start("dist/cli.js", "serve", hybit, "--port", "0"),
      "hybit serve --batch-window 1": await start("dist/cli.js", "serve", hybit, "--port", "0", "--batch-window", "1"),
      "onnxruntime-node": await start(`${FOLDER}/serve/ort-server.js`, onnx, hybit),
    };
    const shots = new Map<string, Load[]>(Object.keys(servers).map((server) => [server, []]));
    const headers = { "content-type": "application/octet-stream" };
    const fire = (url: string, duration: number) =>
      autocannon({ url, duration, connections: CONNECTIONS, method: "POST", headers, body: Buffer.from((input as Float32Array).buffer) });
    try {
      for (const { url } of Object.values(servers)) await fire(url, 1);
      for (let round = 0; round < ROUNDS; round++) {
        bench.say(`${model}, round ${round + 1} of ${ROUNDS}`);
        for (const [server, { url }] of Object.entries(servers)) shots.get(server)?.push(await fire(url, SECONDS));
      }
    } finally {
      for (const { end } of Object.values(servers)) end();
    }
    for (const [server, loads] of shots) {
      if (loads.some(({ non2xx, errors }) => non2xx + errors > 0)) throw new Error(`${server} failed some requests`);
      const median = (pick: (load: Load) => number) => loads.map(pick).sort((a, b) => a - b)[ROUNDS >> 1] as number;
      const figures = [median(({ requests }) => requests.average), median(({ latency }) => latency.p50), median(({ latency }) => latency.p99)];
      rows.push([model, server, ...figures.map(spellNumber)]);
      data.push({ model, server, loads });
    }
  }
  const right = "right" as const;
  return {
    tables: [
      {
        title: "Serving",
        note: `${CONNECTIONS} connections, ${SECONDS} s a round, ${ROUNDS} rounds in turns: medians. Raw floats in, the five best classes out as JSON; one process each, and autocannon in another.`,
        columns: [{ head: "model" }, { head: "server" }, ...["requests/s", "p50 ms", "p99 ms"].map((head) => ({ head, align: right }))],
        rows,
      },
    ],
    data,
  };
}
