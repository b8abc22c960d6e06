// ONNX and TensorFlow Lite files from wherever they are: a path, a URL, or what is piped in; with the files beside them that hold their numbers.
import { dirname, join } from "node:path";
import { importFile, listFilesBeside } from "../convert.ts";
import { about, Failure } from "./failure.ts";
import { readBytes } from "./files.ts";
import { openProgress } from "./progress.ts";
import type { Terminal } from "./terminal.ts";

export interface OnnxFile {
  /** For messages. */
  name: string;
  bytes: Uint8Array;
  /** Files beside it, by the location it gives. */
  files: Map<string, Uint8Array>;
}

/** Larger models than any that is read: what comes from elsewhere must not fill the memory. */
const MOST_BYTES = 2 ** 31;

/** Read a file, a URL, or with "-" what is piped in. Throws Failure. */
export async function readOnnx(path: string, terminal: Pick<Terminal, "canAnimate">): Promise<OnnxFile> {
  const isPiped = path === "-";
  const name = isPiped ? "stdin" : path;
  const bytes = isPiped ? await readPiped() : await readFrom(path, terminal);
  requireOnnx(name, bytes);
  const files = new Map<string, Uint8Array>();
  for (const location of await about(name, () => listFilesBeside(bytes))) {
    // What is piped in has nothing beside it; the importer says so.
    if (!isPiped) files.set(location, await readFrom(beside(path, location), terminal));
  }
  return { name, bytes, files };
}

/** The float graph of such a file. Throws Failure. */
export async function importFrom({ name, bytes, files }: OnnxFile) {
  return (await about(name, () => importFile(bytes, { files }))).graph;
}

function isUrl(path: string): boolean {
  return /^https?:\/\//i.test(path);
}

function beside(path: string, location: string): string {
  return isUrl(path) ? new URL(location, path).href : join(dirname(path), location);
}

async function readFrom(path: string, terminal: Pick<Terminal, "canAnimate">): Promise<Uint8Array> {
  return isUrl(path) ? download(path, terminal) : readBytes(path);
}

async function readPiped(): Promise<Uint8Array> {
  if (process.stdin.isTTY) throw new Failure("stdin: nothing is piped in; give a file, or pipe one: cat net.onnx | hybit convert -");
  return gather("stdin", process.stdin);
}

async function download(url: string, terminal: Pick<Terminal, "canAnimate">): Promise<Uint8Array> {
  const progress = openProgress(terminal);
  try {
    const response = await fetch(url);
    if (!response.ok || response.body === null) throw new Failure(`${url}: the server says ${response.status} ${response.statusText}`.trim());
    const total = Number(response.headers.get("content-length") ?? 0);
    return await gather(url, response.body as unknown as AsyncIterable<Uint8Array>, (done) =>
      progress.show({ step: url, done, total: Math.max(done, total) }),
    );
  } catch (error) {
    if (error instanceof Failure) throw error;
    const cause = (error as { cause?: { code?: string; message?: string } }).cause;
    throw new Failure(`${url}: cannot be fetched: ${cause?.code ?? cause?.message ?? (error as Error).message}`);
  } finally {
    progress.close();
  }
}

async function gather(name: string, chunks: AsyncIterable<Uint8Array>, onBytes?: (done: number) => void): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    parts.push(chunk);
    length += chunk.length;
    if (length > MOST_BYTES) throw new Failure(`${name}: it is larger than 2 GiB; no model of that size is read`);
    onBytes?.(length);
  }
  return new Uint8Array(Buffer.concat(parts));
}

/** Files that are certainly something else get a better sentence than a protobuf reader can give. Throws Failure. */
function requireOnnx(path: string, bytes: Uint8Array): void {
  if (bytes.length === 0) throw new Failure(`${path}: it is empty`);
  const start = new TextDecoder("latin1").decode(bytes.subarray(0, 8));
  if (start.startsWith("HYBT")) throw new Failure(`${path}: it is a hybit model already; give the ONNX file that it was made from`);
  if (start.startsWith("PK")) throw new Failure(`${path}: it is a zip archive or PyTorch file; export the model to ONNX first (torch.onnx.export)`);
  if (start.startsWith("\x89HDF"))
    throw new Failure(`${path}: it is a Keras HDF5 file; convert it to TensorFlow Lite (larq_compute_engine or tf.lite) or ONNX (tf2onnx) first`);
  if (start.slice(4) === "TFL3") return;
  if (!start.startsWith("\b")) throw new Failure(`${path}: it is neither an ONNX nor a TensorFlow Lite file`);
}
