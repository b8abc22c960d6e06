// Whole networks as files, made by the command line that ships: from the zoo with seeded random weights, or bundled. The
// ONNX file of a network is its export, so peers compute the same graph: binary weights as floats, signs as Where.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

export const VARIANTS = ["fprec", "wbin", "hybrid", "fbin"] as const;
export type Variant = (typeof VARIANTS)[number];

export interface Network {
  /** "resnet18", or "sketch10" for the bundled models. */
  name: string;
  variant: Variant;
  /** Paths of the files. */
  hybit: string;
  onnx: string;
}

export const NETWORKS = ["resnet18", "alexnet", "sketchanet", "quicknet", "sketch10"] as const;

const CLI = join("dist", "cli.js");
const FOLDER = join("build", "bench", "networks");
const SEED = "1";

/** Make the files of a network, unless they are there and newer than the command line; undefined when it cannot make them. */
export function findNetwork(name: string, variant: Variant, say: (sentence: string) => void): Network | undefined {
  const isBundled = name === "sketch10";
  mkdirSync(FOLDER, { recursive: true });
  const hybit = isBundled ? join("models", `${name}-${variant}.hybit`) : join(FOLDER, `${name}-${variant}.hybit`);
  const onnx = join(FOLDER, `${name}-${variant}.onnx`);
  const isMade = isBundled || make(hybit, say, "zoo", name, "--variant", variant, "--seed", SEED);
  return isMade && make(onnx, say, "export", hybit) ? { name, variant, hybit, onnx } : undefined;
}

function make(path: string, say: (sentence: string) => void, ...args: string[]): boolean {
  if (existsSync(path) && statSync(path).mtimeMs > statSync(CLI).mtimeMs) return true;
  const { status, stderr } = spawnSync(process.execPath, [CLI, ...args, "-o", path], { encoding: "utf8" });
  if (status !== 0) say(`skipped: hybit ${args.join(" ")}: ${stderr.trim().split("\n")[0]}`);
  return status === 0;
}

export function readFile(path: string): Uint8Array {
  return new Uint8Array(readFileSync(path));
}
