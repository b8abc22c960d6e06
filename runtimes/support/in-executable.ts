// The vectors for executables that hold everything: the folder of model files is the first argument. Prints the simd build's lines.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { loadModel } from "hybit";
import { computeFailure, computeVectors } from "./vectors.ts";

const folder = process.argv[2] ?? "files";
const read = async (name: string) => new Uint8Array(await readFile(join(folder, name)));
const files = JSON.parse(await readFile(join(folder, "index.json"), "utf8")) as string[];
console.log((await computeVectors(files, { read, loadModel: (bytes) => loadModel(bytes) })).join("\n"));
console.log(await computeFailure(files[0] as string, { read, loadModel }));
