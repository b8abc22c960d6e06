// Reads a model file from wherever it is, as a stream: the header and the graph are kept, the data section goes
// straight to where the caller wants it, so the file is never held twice. Knows no paths and no runtime.
import { LoadError } from "../graph/errors.ts";
import type { Graph } from "../graph/graph.ts";
import { checkData } from "./check-data.ts";
import { crc32 } from "./crc32.ts";
import { damaged, HEADER_BYTES, parseHeader, truncated } from "./header.ts";
import { readGraph } from "./read.ts";

/** Where a model file comes from. A Response or stream is read as it arrives, and only once. */
export type Source = Uint8Array | ArrayBuffer | Blob | Response | ReadableStream<Uint8Array> | URL;

/** Bytes read so far, of how many. */
export interface Progress {
  phase: "load";
  loaded: number;
  total: number;
}

/** What looks at every byte of the data section; handed in, as kernels do it faster than the host. */
export interface Checks {
  /** Continue a CRC-32 with more bytes. */
  crc32(bytes: Uint8Array, before: number): number;
  /** Count the leading numbers that are finite. */
  countFinite(numbers: Float32Array): number;
}

export interface ReadOptions {
  signal?: AbortSignal;
  onProgress?: (progress: Progress) => void;
  /** Refuse files larger than this many bytes. */
  maxMemory: number;
}

/**
 * Read, check and decode a model file. `place` is asked once, when the size is known, for the `dataBytes` bytes
 * the data section is written to; that view must stay attached until the promise settles.
 */
export async function readModelFile(source: Source, options: ReadOptions, checks: Checks, place: (dataBytes: number) => Uint8Array): Promise<Graph> {
  const { signal, onProgress, maxMemory } = options;
  checkAborted(signal);
  const { stream, bytes, where } = await openSource(source, signal);
  const reader = stream?.getReader();
  const cancel = () => void reader?.cancel().catch(() => {});
  signal?.addEventListener("abort", cancel);

  let loaded = 0;
  let total = 0;
  let checksum = 0;
  let rest = bytes ?? new Uint8Array(0);

  /** Make `rest` the next bytes that have not been used; false at the end of the stream. */
  async function pull(): Promise<boolean> {
    const pulled = await reader?.read().catch((error: unknown) => {
      checkAborted(signal);
      throw unreadable(`${where} broke off: ${error}`);
    });
    checkAborted(signal);
    if (!pulled || pulled.done) return false;
    const { value } = pulled;
    if (!ArrayBuffer.isView(value)) throw unreadable(`${where} gives ${typeof value} chunks instead of bytes`);
    rest = value;
    return true;
  }

  /** Fill `target` as far as the stream goes, continuing the checksum by `sum`; returns the bytes written. */
  async function fill(target: Uint8Array, sum?: Checks["crc32"]): Promise<number> {
    let filled = 0;
    while (filled < target.length && (rest.length > 0 || (await pull()))) {
      const part = target.subarray(filled, filled + rest.length);
      part.set(rest.subarray(0, part.length));
      if (sum) checksum = sum(part, checksum);
      filled += part.length;
      rest = rest.subarray(part.length);
      if (total > 0) onProgress?.({ phase: "load", loaded: loaded + filled, total });
    }
    loaded += filled;
    if (total > 0 && filled < target.length) throw truncated(where, loaded, total);
    return filled;
  }

  try {
    const head = new Uint8Array(HEADER_BYTES);
    const header = parseHeader(head.subarray(0, await fill(head)), where);
    total = header.totalBytes;
    if (total > maxMemory) {
      throw new LoadError("too-large", `${where} has ${total} bytes but maxMemory is ${maxMemory}; raise it if you trust the source`);
    }
    const graphPart = new Uint8Array(header.dataOffset - HEADER_BYTES);
    await fill(graphPart, crc32);
    const data = place(header.dataBytes);
    await fill(data, checks.crc32);
    while (rest.length === 0 && (await pull()));
    if (rest.length > 0) throw new LoadError("invalid", `${where} goes on after its ${total} bytes; copy it again`);
    if (checksum !== header.checksum) throw damaged(where, "contents");

    const graph = readGraph(graphPart.subarray(0, header.graphBytes), header.dataBytes);
    checkData(graph, data, checks.countFinite);
    return graph;
  } catch (error) {
    cancel();
    throw error;
  } finally {
    signal?.removeEventListener("abort", cancel);
  }
}

function checkAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new LoadError("aborted", "loading was aborted by its signal");
}

interface Opened {
  stream?: ReadableStream<Uint8Array> | null;
  /** The file itself, when it is in memory. */
  bytes?: Uint8Array;
  /** How errors call the source. */
  where: string;
}

async function openSource(source: Source, signal: AbortSignal | undefined): Promise<Opened> {
  const where = "the model";
  // By shape, not by class: Response, Blob and streams come from other realms and from polyfills.
  if (ArrayBuffer.isView(source)) return { bytes: new Uint8Array(source.buffer, source.byteOffset, source.byteLength), where };
  if (source instanceof ArrayBuffer) return { bytes: new Uint8Array(source), where };
  if (typeof source === "object" && source) {
    if ("href" in source) return openUrl(source, signal);
    if ("status" in source) return openResponse(source);
    const stream = "stream" in source ? source.stream() : source;
    if (stream.locked) throw unreadable("the stream is read by somebody else");
    if ("getReader" in stream) return { stream, where };
  }
  throw unreadable(`"${String(source).slice(0, 80)}" is not bytes, a Blob, Response, stream or URL; read a path with readFile first`);
}

async function openUrl(url: URL, signal: AbortSignal | undefined): Promise<Opened> {
  const response = await fetch(url, { signal }).catch((error: unknown) => {
    checkAborted(signal);
    // Deno and Bun fetch file: addresses, Node does not.
    const advice = url.protocol === "file:" ? "; give its bytes: await readFile(url)" : "";
    throw unreadable(`${url} could not be fetched: ${error}${advice}`);
  });
  return openResponse(response, url);
}

function openResponse({ url, status, ok, bodyUsed, body }: Response, asked?: URL): Opened {
  const where = `${url || asked || "the response"} (HTTP ${status})`;
  if (!ok) throw unreadable(`${where} is not a model; check the address`);
  if (bodyUsed) throw unreadable(`${where} has been read before; fetch it again`);
  return { stream: body, where };
}

function unreadable(sentence: string): LoadError {
  return new LoadError("fetch", sentence);
}
