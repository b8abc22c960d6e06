// The vectors in JavaScriptCore's shell, which has no Web API at all. With its JIT off it compiles no SIMD: the package must notice.
import { loadModel } from "hybit";
import { computeFailure, computeVectors } from "./vectors.ts";

declare function print(line: string): void;
declare function readFile(path: string): string;
declare function readFile(path: string, kind: "binary"): Uint8Array;
declare function quit(status: number): void;

const read = async (name: string) => readFile(`files/${name}`, "binary");
const names = JSON.parse(readFile("files/index.json")) as string[];

(async () => {
  print((await computeVectors(names, { read, loadModel: (bytes) => loadModel(bytes) })).join("\n"));
  print(await computeFailure(names[0] as string, { read, loadModel }));
})().catch((error: unknown) => {
  print(String(error));
  quit(1);
});
