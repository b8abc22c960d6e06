// Calibration inputs: arrays, pictures, stroke files, and folders of them, read one after the other so that a large set never lies in memory.
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Tensors } from "../engine/model.ts";
import type { Graph, Numbers, Preprocess, Value } from "../graph/graph.ts";
import { preprocess } from "../image/preprocess.ts";
import { about, Failure } from "./failure.ts";
import { readBytes } from "./files.ts";
import { readPictures } from "./images.ts";
import { isNpy, readNpy } from "./npy.ts";
import { countItems } from "./tensors.ts";

/** What is taken from a folder; files that are named are read whatever they are called. */
const KNOWN = /\.(npy|png|jpe?g|ndjson)$/i;

/** Items of an array that run at once, where the model leaves it open. Arbitrary. */
const ITEMS_AT_ONCE = 16;

export interface Calibration {
  /** In the order they are read. */
  files: string[];
  /** Read everything, one run after the other, from the start whenever it is iterated; `onFile` is told before each file how many are done. Throws Failure. */
  runs(onFile: (done: number) => void): AsyncIterable<Tensors>;
}

/** Find the files for a graph with one input; `rule` says how pictures become it. Throws Failure. */
export async function openCalibration(paths: readonly string[], graph: Graph<Numbers>, rule: Preprocess | undefined): Promise<Calibration> {
  const files = (await Promise.all(paths.map(listFiles))).flat();
  const input = graph.values[graph.inputs[0] ?? -1] as Value<Numbers>;
  const [batch = -1, ...item] = input.shape;

  async function* read(onFile: (done: number) => void): AsyncGenerator<Tensors> {
    for (const [index, file] of files.entries()) {
      onFile(index);
      const bytes = await readBytes(file);
      const parts = await about(file, () => (isNpy(bytes) ? cutArray(bytes) : readImages(bytes)));
      for (const part of parts) yield { [input.name]: part };
    }
    onFile(files.length);
  }

  function cutArray(bytes: Uint8Array): Float32Array[] {
    const array = readNpy(bytes);
    const items = countItems(input, array);
    const step = batch > 0 ? batch : ITEMS_AT_ONCE;
    if (items === 0 || (batch > 0 && items % batch !== 0)) throw new Failure(`it holds ${items} items but the model takes ${batch} at a time`);
    const elems = array.data.length / items;
    return Array.from({ length: Math.ceil(items / step) }, (_, run) => array.data.subarray(run * step * elems, (run + 1) * step * elems));
  }

  function readImages(bytes: Uint8Array): Float32Array[] {
    if (rule === undefined) throw new Failure("pictures need --preprocess, which says how they become the input; or give a .npy array");
    if (batch > 1) throw new Failure(`the model takes ${batch} inputs at a time; give them as a .npy array`);
    const model = { inputs: [{ type: input.type, shape: [1, ...item] }], metadata: { ...graph.metadata, preprocess: rule } };
    return readPictures(bytes, rule).map(({ pixels }) => preprocess(pixels, model) as Float32Array);
  }

  return { files, runs: (onFile) => ({ [Symbol.asyncIterator]: () => read(onFile) }) };
}

/** List a file, or what a folder and those in it hold, by name. */
async function listFiles(path: string): Promise<string[]> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) return [path];
  const names = await readdir(path, { recursive: true }).catch((error: unknown) => {
    throw new Failure(`${path}: the folder cannot be read: ${error instanceof Error ? error.message : error}`);
  });
  const files = names.filter((name) => KNOWN.test(name)).sort();
  if (files.length === 0) throw new Failure(`${path}: the folder holds no .npy, PNG, JPEG or .ndjson file`);
  return files.map((name) => join(path, name));
}
