// What came in, as grey pixels: a PNG, or strokes as JSON. Its contents say what it is, not its Content-Type.
import { type Pixels, rasterize, type Strokes } from "hybit/image";
import { readPng } from "./png.ts";
import { Refusal } from "./refusal.ts";

/** More points than any drawing has: beyond it the pen would be busy for milliseconds. */
const MAX_POINTS = 4000;
const FORM = '{"drawing":[[[x0,x1,...],[y0,y1,...]],...]}';

/** Throws Refusal when it is neither, or shows nothing. `size`: how large strokes are drawn. */
export async function readPicture(body: Uint8Array<ArrayBuffer>, size: number): Promise<Pixels> {
  const isPng = [0x89, 0x50, 0x4e, 0x47].every((byte, i) => body[i] === byte);
  const pixels = isPng ? await readPng(body) : rasterize(readStrokes(body), size);
  const [first] = pixels.data;
  if (pixels.data.every((value) => value === first))
    throw new Refusal(422, "no-ink", "The picture is all of one colour; there is nothing to recognise.");
  return pixels;
}

function readStrokes(body: Uint8Array): Strokes {
  const text = new TextDecoder().decode(body);
  if (text.trim() === "") throw new Refusal(400, "body-empty", `The body is empty; send a PNG, or ${FORM}.`);
  if (!/^\s*[[{]/.test(text)) throw new Refusal(415, "not-a-picture", `The body is neither a PNG nor JSON; send a PNG, or ${FORM}.`);
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new Refusal(400, "json-broken", `The body begins like JSON but is not; strokes are ${FORM}.`);
  }
  return checkStrokes(Array.isArray(parsed) ? parsed : (parsed as { drawing?: unknown }).drawing);
}

/** Find out whether a parsed drawing can be drawn. */
export function checkStrokes(drawing: unknown): Strokes {
  const isLine = (list: unknown) => Array.isArray(list) && list.every(Number.isFinite);
  const isStroke = (stroke: unknown) => Array.isArray(stroke) && isLine(stroke[0]) && isLine(stroke[1]) && stroke[0].length === stroke[1].length;
  if (!Array.isArray(drawing) || !drawing.every(isStroke)) {
    throw new Refusal(422, "strokes-broken", `"drawing" is not a list of strokes of as many x as y; strokes are ${FORM}.`);
  }
  const points = (drawing as Strokes).reduce((sum, [x]) => sum + x.length, 0);
  if (points === 0) throw new Refusal(422, "no-ink", "The drawing has no points; there is nothing to recognise.");
  if (points > MAX_POINTS) throw new Refusal(413, "strokes-too-many", `The drawing has ${points} points; at most ${MAX_POINTS} are drawn.`);
  return drawing as Strokes;
}
