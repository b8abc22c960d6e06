// hybit serve: a model behind HTTP, on Node.

import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type Command, InvalidArgumentError } from "commander";
import { version } from "../../../package.json";
import { preprocess } from "../../image/preprocess.ts";
import { Failure } from "../failure.ts";
import { readPictures } from "../images.ts";
import { addEngineOptions, type EngineOptions, openModel, parseCount } from "../model-file.ts";
import type { Terminal } from "../terminal.ts";

interface Options extends EngineOptions {
  port: number;
  host: string;
  maxBody: number;
  maxConcurrent: number;
  batchWindow: number;
  maxBatch: number;
}

const EXAMPLES = `
Examples:
  hybit serve sketch.hybit
  hybit serve sketch.hybit --port 9000 --batch-window 2
  curl --data-binary @cat.png -H "Content-Type: image/png" http://127.0.0.1:8080/predict`;

export function addServe(program: Command, terminal: Terminal): void {
  addEngineOptions(program.command("serve"))
    .summary("answer requests over HTTP")
    .description("Serve a model: POST /predict (PNG, JPEG, JSON or raw numbers), GET /health, /metrics (Prometheus), /openapi.json. Ctrl-C ends it.")
    .argument("<model>", "a .hybit file")
    .option("--port <port>", "port to listen at; 0: any that is free", parseNumber, 8080)
    .option("--host <address>", "address to listen at; 0.0.0.0: all of this machine's", "127.0.0.1")
    .option("--max-body <bytes>", "largest body of a request", parseCount, 4 * 2 ** 20)
    .option("--max-concurrent <count>", "requests answered at once; more are refused with 503", parseCount, 256)
    .option("--batch-window <ms>", "wait so long for more requests, to run them as one batch", parseNumber, 0)
    .option("--max-batch <count>", "run a batch when it has so many", parseCount, 32)
    .addHelpText("after", EXAMPLES)
    .action((path: string, options: Options) => serve(path, options, terminal));
}

async function serve(path: string, options: Options, terminal: Terminal): Promise<void> {
  const { port, host, maxBody, maxConcurrent, batchWindow: windowMs, maxBatch } = options;
  const { model } = await openModel(path, options);
  const [{ createApp }, { createAdaptorServer }] = await Promise.all([import("../../serve/app.ts"), import("@hono/node-server")]);
  const rule = model.metadata.preprocess;
  const readPicture = (bytes: Uint8Array) => {
    const [picture, second] = readPictures(bytes, rule);
    if (!picture || second) throw new Failure("a request is one picture");
    return preprocess(picture.pixels, model);
  };
  const takesPictures = rule !== undefined && model.inputs.length === 1;
  const app = createApp(model, { maxBody, maxConcurrent, windowMs, maxBatch, version, readPicture: takesPictures ? readPicture : undefined });
  const server = createAdaptorServer({ fetch: app.fetch }) as Server;
  await listen(server, port, host);
  const { port: found } = server.address() as AddressInfo;
  terminal.print(`${path} is at http://${host.includes(":") ? `[${host}]` : host}:${found}/predict; Ctrl-C ends`);
  await untilStopped(server, terminal);
}

async function listen(server: Server, port: number, host: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", ({ code, message }: NodeJS.ErrnoException) => {
      const sentence =
        code === "EADDRINUSE" ? `port ${port} is in use; choose another with --port, or 0 for any` : `cannot listen at ${host}:${port}: ${message}`;
      reject(new Failure(sentence));
    });
    server.listen(port, host, resolve);
  });
}

/** The first signal lets requests that have come be answered; the second does not. */
async function untilStopped(server: Server, terminal: Terminal): Promise<void> {
  await new Promise<void>((resolve) => {
    let isStopping = false;
    const stop = () => {
      if (isStopping) process.exit(130);
      isStopping = true;
      terminal.warn("stopping; requests that have come are answered first");
      server.close(() => resolve());
      server.closeIdleConnections();
    };
    process.on("SIGINT", stop);
    process.on("SIGTERM", stop);
  });
}

function parseNumber(text: string): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number > 65535) throw new InvalidArgumentError("It must be a whole number from 0 to 65535.");
  return number;
}
