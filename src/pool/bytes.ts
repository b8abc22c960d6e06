// A model's source as bytes that can be sent to several workers.
import type { Source } from "../format/source.ts";
import { LoadError } from "../graph/errors.ts";

/** Read all of it; throws LoadError "fetch". What the bytes are, the workers find out. */
export async function readSource(source: Source): Promise<Uint8Array> {
  // By shape, as in src/format/source.ts.
  if (ArrayBuffer.isView(source)) return new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  try {
    const opened = "href" in source ? await fetch(source) : "getReader" in source ? new Response(source) : source;
    if ("ok" in opened && !opened.ok) throw new Error(`HTTP ${opened.status}`);
    return new Uint8Array(await opened.arrayBuffer());
  } catch (error) {
    const where = typeof source === "object" && source !== null && "href" in source ? String(source) : "the model";
    throw new LoadError("fetch", `${where} could not be read: ${error instanceof Error ? error.message : error}`);
  }
}
