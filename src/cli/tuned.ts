// The sidecar that `hybit tune` writes and `--tuned` reads: which kernel each layer has on one machine.
import { Failure } from "./failure.ts";
import { readBytes } from "./files.ts";

export interface Tuned {
  /** Name of the model. */
  model: string;
  build: string;
  batch: number;
  /** Kernel by node. */
  kernels: Record<string, string>;
}

/** Read a sidecar. Throws Failure. */
export async function readTuned(path: string): Promise<Record<string, string>> {
  const text = new TextDecoder().decode(await readBytes(path));
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch (error) {
    throw new Failure(`${path}: it is not JSON: ${error instanceof Error ? error.message : error}; make it with hybit tune`);
  }
  const kernels = (found as Partial<Tuned> | null)?.kernels;
  const isRight = typeof kernels === "object" && kernels !== null && Object.values(kernels).every((kernel) => typeof kernel === "string");
  if (!isRight) throw new Failure(`${path}: it has no "kernels" with a kernel's name for each layer; make it with hybit tune`);
  return kernels;
}
