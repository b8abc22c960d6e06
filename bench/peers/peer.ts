// What the bench asks of another engine. Peers live in bench/node_modules alone, so their types are not known here: each
// adapter writes down the little it uses.
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { LayerShape } from "../layers/shapes.ts";

export interface Runner {
  /** "f32 Conv", "int8 QLinearConv" and so on. */
  form: string;
  run(): unknown;
  dispose(): unknown;
}

export interface Peer {
  name: string;
  version: string;
  /** The forms in which this peer can compute a layer of these sizes, with random weights. */
  layers(shape: LayerShape): Promise<Runner[]>;
  /** A whole network from its ONNX file; undefined when the peer does not read ONNX. Inputs are random unless given. */
  network?(file: Uint8Array, input: { name: string; dims: readonly number[] }, numbers?: Float32Array): Promise<Runner>;
}

const BENCH = join(process.cwd(), "bench", "package.json");

/** Import a package of the bench. */
export async function importPeer(name: string): Promise<Record<string, unknown>> {
  return import(pathToFileURL(createRequire(BENCH).resolve(name)).href);
}

export function versionOf(name: string): string {
  return createRequire(BENCH)("./package-lock.json").packages[`node_modules/${name}`].version;
}
