// All peers, one thread each. They are a package of their own, installed when they are first needed.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { openOnnxRuntime } from "./onnxruntime.ts";
import type { Peer } from "./peer.ts";
import { openTfjs } from "./tfjs.ts";

export async function openPeers(): Promise<Peer[]> {
  return [await openOnnxRuntime("onnxruntime-node"), await openOnnxRuntime("onnxruntime-web"), await openTfjs()];
}

/** Install the peers in the versions bench/package.json names, unless they are there. Run from the repository's root. */
export function installPeers(say: (sentence: string) => void): void {
  if (areInstalled()) return;
  say("installing the engines to compare with into bench/node_modules: about 500 MB, once; --no-peers does without ...");
  const { status } = spawnSync("npm", ["ci", "--ignore-scripts", "--no-fund", "--no-audit"], { cwd: "bench", stdio: "inherit" });
  if (status !== 0) throw new Error("the engines to compare with could not be installed; --no-peers does without");
}

function areInstalled(): boolean {
  const read = (path: string) => JSON.parse(readFileSync(join("bench", path, "package.json"), "utf8"));
  const wanted: Record<string, string> = read("").dependencies;
  return Object.entries(wanted).every(([name, version]) => {
    const folder = join("node_modules", name);
    return existsSync(join("bench", folder)) && read(folder).version === version;
  });
}
