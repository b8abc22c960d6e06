// 2,000 drawings for the batch example: most in the manifest, some as pictures in the bucket, a few broken, missing, or late; and
// what must come of them, computed by the engine in Node one by one.
import { readFileSync } from "node:fs";
import { loadModel, topK } from "hybit";
import { preprocess, rasterize } from "hybit/image";
import { varyDrawings } from "./drawings.ts";
import { buildPng, cutRows } from "./png.ts";

const COUNT = 2000;
/** Every so many are a picture in the bucket. */
const PICTURES = 100;

interface Wrong {
  entry: unknown;
  error: string;
}

const FORM = '{"drawing":[[[x0,x1,...],[y0,y1,...]],...]}';

/** By position. */
const WRONG: Record<number, Wrong> = {
  11: { entry: { drawing: 5 }, error: `"drawing" is not a list of strokes of as many x as y; strokes are ${FORM}.` },
  512: { entry: { drawing: [] }, error: "The drawing has no points; there is nothing to recognise." },
  777: { entry: "not JSON", error: "The line is not JSON." },
  901: { entry: { key: "pictures/text.png" }, error: `The body is neither a PNG nor JSON; send a PNG, or ${FORM}.` },
  1401: { entry: { key: "pictures/never.json" }, error: 'There is no "pictures/never.json" in the bucket.' },
};

export async function makeCase() {
  using model = await loadModel(readFileSync("models/sketch10-hybrid.hybit"));
  const objects = new Map<string, string | Uint8Array>([["pictures/text.png", "hello"]]);
  const late = new Map<string, string | Uint8Array>();
  const lines: string[] = [];
  const results: unknown[] = [];
  const failed: { id: string; error: string }[] = [];
  for (const [i, { drawing }] of varyDrawings(COUNT, 1).entries()) {
    const id = `drawing-${i}`;
    const wrong = WRONG[i];
    if (wrong) {
      const isText = typeof wrong.entry === "string";
      lines.push(isText ? String(wrong.entry) : JSON.stringify({ id, ...(wrong.entry as object) }));
      failed.push({ id: isText ? `line ${i + 1}` : id, error: wrong.error });
      continue;
    }
    const picture = rasterize(drawing);
    if (i % PICTURES === 0) {
      const key = `pictures/${i}.${i % (2 * PICTURES) === 0 ? "json" : "png"}`;
      const bytes = key.endsWith("json") ? JSON.stringify({ drawing }) : buildPng({ width: 28, height: 28 }, cutRows(picture.data as Uint8Array, 28));
      (i === 1900 ? late : objects).set(key, bytes);
      lines.push(JSON.stringify({ id, key }));
    } else lines.push(JSON.stringify({ id, drawing }));
    const { logits = new Float32Array() } = model.run({ input: preprocess(picture, model) as Float32Array });
    results.push({ id, top: topK(logits, 5, model.metadata.labels).map(({ label, score }) => ({ label, score })) });
  }
  return { manifest: lines.join("\n"), objects, late, results, failed };
}
