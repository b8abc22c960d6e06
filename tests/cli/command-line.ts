// Runs the built command line as a user does, in a folder of its own, and makes the small files it is run on.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { encode as encodeJpeg } from "jpeg-js";
import { PNG } from "pngjs";
import { buildModel } from "../support/onnx-builder.ts";

export interface Outcome {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface Session {
  folder: string;
  /** Run `hybit` with these arguments in the folder. */
  hybit(...args: string[]): Promise<Outcome>;
  hybitWith(options: { env?: NodeJS.ProcessEnv; killAfterMs?: number; stdin?: Uint8Array }, ...args: string[]): Promise<Outcome>;
  write(name: string, contents: string | Uint8Array): string;
  close(): void;
}

/** The command line under test: dist/cli.js, which `npm test` builds first. */
export const CLI = resolve(process.env.HYBIT_CLI ?? "dist/cli.js");

export function openSession(): Session {
  const folder = mkdtempSync(join(tmpdir(), "hybit-cli-"));
  const hybitWith: Session["hybitWith"] = ({ env, killAfterMs, stdin }, ...args) =>
    new Promise((finish, fail) => {
      const { NO_COLOR: _, FORCE_COLOR: __, ...inherited } = process.env;
      const child = spawn(process.execPath, [CLI, ...args], { cwd: folder, env: { ...inherited, ...env } });
      child.stdin.end(stdin);
      let [stdout, stderr] = ["", ""];
      child.stdout.on("data", (chunk) => {
        stdout += chunk;
      });
      child.stderr.on("data", (chunk) => {
        stderr += chunk;
      });
      child.on("error", fail);
      child.on("close", (code, signal) => finish({ code, signal, stdout, stderr }));
      if (killAfterMs !== undefined) setTimeout(() => child.kill("SIGINT"), killAfterMs);
    });
  return {
    folder,
    hybitWith,
    hybit: (...args) => hybitWith({}, ...args),
    write(name, contents) {
      writeFileSync(join(folder, name), contents);
      return name;
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Ink on the left half, on the right half, on the upper half: one filter of +-1 weights each, over 4x4 pixels. */
export const LABELS = ["left", "right", "upper"];

export function makeSidesOnnx(): Uint8Array {
  const pixels = Array.from({ length: 16 }, (_, i) => ({ x: i % 4, y: i >> 2 }));
  const isInk = [({ x }: { x: number }) => x < 2, ({ x }: { x: number }) => x >= 2, ({ y }: { y: number }) => y < 2];
  const weights = isInk.flatMap((side) => pixels.map((pixel) => (side(pixel as { x: number; y: number }) ? 1 : -1)));
  return buildModel({
    nodes: [
      { op: "Flatten", inputs: ["image"], outputs: ["flat"], name: "flatten" },
      { op: "Gemm", inputs: ["flat", "w", "b"], outputs: ["scores"], name: "sides", attributes: { transB: 1 } },
    ],
    inputs: [{ name: "image", shape: ["n", 1, 4, 4] }],
    outputs: ["scores"],
    initializers: { w: { dims: [3, 16], values: weights }, b: { dims: [3], values: [0, 0, 0.5] } },
  });
}

/** A picture dark where `isInk`, white elsewhere. */
export function makePng(width: number, height: number, isInk: (x: number, y: number) => boolean): Uint8Array {
  const png = new PNG({ width, height });
  png.data.set(drawRgba(width, height, isInk));
  return PNG.sync.write(png);
}

export function makeJpeg(width: number, height: number, isInk: (x: number, y: number) => boolean): Uint8Array {
  return encodeJpeg({ width, height, data: drawRgba(width, height, isInk) }, 95).data;
}

function drawRgba(width: number, height: number, isInk: (x: number, y: number) => boolean): Uint8Array {
  return Uint8Array.from({ length: 4 * width * height }, (_, i) => {
    const pixel = i >> 2;
    return i % 4 === 3 || !isInk(pixel % width, Math.floor(pixel / width)) ? 255 : 0;
  });
}
