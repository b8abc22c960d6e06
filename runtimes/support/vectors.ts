// What every runtime computes: all models on seeded inputs, to the bit. Uses nothing but the language and the package it is given,
// so that it also runs in shells and worklets. The expected lines are in runtimes/golden.txt.
import type { Model } from "hybit";
import { Random } from "../../tests/support/random.ts";

interface Loader {
  loadModel(bytes: Uint8Array): Promise<Model>;
  read(name: string): Promise<Uint8Array>;
}

/** More than one, and not a multiple of any kernel's tile. */
const BATCHES = [1, 3];

/** Run each file with one build of the kernels; the result is one line for each batch. */
export async function computeVectors(files: readonly string[], { loadModel, read }: Loader): Promise<string[]> {
  const lines: string[] = [];
  for (const file of files) {
    const model = await loadModel(await read(file));
    for (const batch of BATCHES) {
      const outputs = Object.entries(model.run(seededInputs(model, batch)));
      const spelled = outputs.map(([name, numbers]) => `${name} ${hash(numbers)}`).join(", ");
      lines.push(`${file} ${model.build} batch ${batch}: ${spelled}`);
    }
    model.dispose();
  }
  return lines;
}

/** The code and the text of what half a file gives. */
export async function computeFailure(file: string, { loadModel, read }: Loader): Promise<string> {
  const bytes = await read(file);
  const found = await loadModel(bytes.subarray(0, bytes.length >> 1)).catch((error: unknown) => error);
  const { name, code, message } = found as { name: string; code: string; message: string };
  return `half of ${file}: ${name} ${code}: ${message}`;
}

function seededInputs(model: Model, batch: number): Record<string, Float32Array | Int8Array> {
  const random = new Random(9);
  return Object.fromEntries(
    model.inputs.map(({ name, type, shape: [first = 1, ...item] }) => {
      const length = item.reduce((product, dim) => product * dim, first === -1 ? batch : first);
      return [name, type === "i8" ? Int8Array.from({ length }, () => random.int(-128, 127)) : random.floats(length)];
    }),
  );
}

/** FNV-1a of the bytes. */
function hash(numbers: Float32Array): string {
  let sum = 0x811c9dc5;
  for (const byte of new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength)) sum = Math.imul(sum ^ byte, 0x01000193);
  return (sum >>> 0).toString(16).padStart(8, "0");
}
