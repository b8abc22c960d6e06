// One part: read its lines, classify them in one batch, write what came of them. The same part gives the same bytes under the same
// names, so that it does no harm to do it twice.
import { loadModel, topK } from "hybit";
import { type Pixels, preprocess, rasterize } from "hybit/image";
import bundled from "hybit/models/sketch10-hybrid.hybit";
import { checkStrokes, readPicture } from "../../worker/src/picture.ts";
import { Refusal } from "../../worker/src/refusal.ts";
import type { Bucket } from "./cloudflare.ts";
import { keyOf } from "./jobs.ts";
import type { Part } from "./split.ts";

const MAX_BYTES = 256 * 1024;
const TOP = 5;

const model = await loadModel(bundled);
const [{ name: INPUT = "" } = {}] = model.inputs;
const SIZE = model.metadata.preprocess?.width ?? 28;

type Entry = { id: string; input: Float32Array } | { id: string; error: string };

/**
 * Classify a part unless that has been done. What a picture itself is to blame for is written down at once; anything else (a picture that is
 * not there, storage that does not answer) throws, and the part comes again. With `isLast` it is written down as well.
 */
export async function classifyPart(bucket: Bucket, part: Part, isLast: boolean): Promise<void> {
  if (await bucket.head(keyOf("results", part))) return;
  const entries = await readEntries(bucket, part, isLast);
  const good = entries.filter((entry) => "input" in entry);
  const failed = entries.filter((entry) => "error" in entry);
  // Failures first: the results say that the part is done.
  if (failed.length > 0) await bucket.put(keyOf("failed", part), toLines(failed));
  else await bucket.delete([keyOf("failed", part)]); // of an earlier attempt that was cut short
  await bucket.put(keyOf("results", part), toLines(classify(good)));
}

async function readEntries(bucket: Bucket, part: Part, isLast: boolean): Promise<Entry[]> {
  const entries: Entry[] = [];
  try {
    for (const [i, line] of (await readLines(bucket, part)).entries()) {
      if (line.trim() !== "") entries.push(await readEntry(bucket, line, part.line + i, isLast));
    }
    return entries;
  } catch (error) {
    if (!isLast) throw error;
    return [{ id: `lines ${part.line} to ${part.line + part.lines - 1}`, error: String(error) }];
  }
}

async function readLines(bucket: Bucket, { manifest, etag, offset, length }: Part): Promise<string[]> {
  const object = await bucket.get(manifest, { range: { offset, length }, onlyIf: { etagMatches: etag } });
  if (!object?.body) throw new Error(`"${manifest}" is gone or was changed; post the job again`);
  return (await object.text()).replace(/\n$/, "").split("\n");
}

/** A line is {"id", "drawing": strokes} or {"id", "key": the name of a PNG or of strokes in the bucket}. */
async function readEntry(bucket: Bucket, line: string, number: number, isLast: boolean): Promise<Entry> {
  let id = `line ${number}`;
  try {
    const entry = parse(line);
    if (typeof entry.id === "string") id = entry.id;
    const picture = typeof entry.key === "string" ? await readObject(bucket, entry.key) : rasterize(checkStrokes(entry.drawing), SIZE);
    return { id, input: preprocess(picture, model) as Float32Array };
  } catch (error) {
    const isItsFault = error instanceof Refusal;
    if (!isItsFault && !isLast) throw error;
    return { id, error: error instanceof Error ? error.message : String(error) };
  }
}

function parse(line: string): { id?: unknown; key?: unknown; drawing?: unknown } {
  try {
    return Object(JSON.parse(line));
  } catch {
    throw new Refusal(400, "json-broken", "The line is not JSON.");
  }
}

async function readObject(bucket: Bucket, key: string): Promise<Pixels> {
  const object = await bucket.get(key);
  if (!object?.body) throw new Error(`There is no "${key}" in the bucket.`);
  if (object.size > MAX_BYTES) throw new Refusal(413, "body-too-large", `"${key}" is larger than ${MAX_BYTES / 1024} KiB.`);
  return readPicture(new Uint8Array(await object.arrayBuffer()), SIZE);
}

function classify(entries: readonly { id: string; input: Float32Array }[]) {
  if (entries.length === 0) return [];
  const perItem = entries[0]?.input.length ?? 0;
  const input = new Float32Array(entries.length * perItem);
  for (const [i, entry] of entries.entries()) input.set(entry.input, i * perItem);
  const [scores = new Float32Array()] = Object.values(model.run({ [INPUT]: input }));
  const classes = scores.length / entries.length;
  return entries.map(({ id }, i) => ({
    id,
    top: topK(scores.subarray(i * classes, (i + 1) * classes), TOP, model.metadata.labels).map(({ label, score }) => ({ label, score })),
  }));
}

const toLines = (records: readonly object[]) => records.map((record) => `${JSON.stringify(record)}\n`).join("");
