// Pictures as pixels: PNG and JPEG files, and stroke files in QuickDraw's form (one JSON object a line with
// "drawing", each stroke [x[], y[]]). What a file is, its contents tell, not its name.
import { decode as decodeJpeg } from "jpeg-js";
import { PNG } from "pngjs";
import type { Preprocess } from "../graph/graph.ts";
import type { Pixels } from "../image/preprocess.ts";
import { rasterize, type Strokes } from "../image/strokes.ts";
import { Failure } from "./failure.ts";

export interface Picture {
  pixels: Pixels;
  /** Line of a stroke file, from 1. */
  line?: number;
  /** What the drawing is said to show. */
  word?: string;
}

/** Larger pictures are refused before they are unpacked: a file of a few bytes can promise any size. */
const MAX_PIXELS = 64e6;

/** True if a file is a PNG or a JPEG. */
export function isPicture(bytes: Uint8Array): boolean {
  const start = new TextDecoder("latin1").decode(bytes.subarray(0, 4));
  return start === "\x89PNG" || start.startsWith("\xff\xd8\xff");
}

/** Read all pictures of a file; `rule` says how large strokes are drawn, and in what sense. Throws Failure. */
export function readPictures(bytes: Uint8Array, rule: Preprocess | undefined): Picture[] {
  const start = new TextDecoder("latin1").decode(bytes.subarray(0, 64));
  if (bytes.length === 0) throw new Failure("it is empty");
  if (start.startsWith("\x89PNG\r\n\x1a\n")) return [{ pixels: readPng(bytes) }];
  if (start.startsWith("\xff\xd8\xff")) return [{ pixels: readJpeg(bytes) }];
  if (/^\s*[[{]/.test(start)) return readStrokeFile(new TextDecoder().decode(bytes), rule);
  throw new Failure(`${guess(start)}; pictures are PNG, JPEG or QuickDraw stroke files (.ndjson)`);
}

function guess(start: string): string {
  if (start.startsWith("HYBT")) return "it is a hybit model; the model comes first and only once";
  if (start.startsWith("\x93NUMPY")) return "it holds numbers, not a picture; pass them with --input";
  const known = [
    ["GIF8", "a GIF"],
    ["BM", "a BMP"],
    ["RIFF", "a WebP"],
    ["%PDF", "a PDF"],
  ].find(([magic]) => start.startsWith(magic as string));
  return known ? `it is ${known[1]} file, which is not read; convert it to PNG` : "it is no picture";
}

function readPng(bytes: Uint8Array): Pixels {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length >= 24) checkSize(view.getUint32(16), view.getUint32(20));
  try {
    const { width, height, data } = PNG.sync.read(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    return { width, height, data: new Uint8Array(data) };
  } catch (error) {
    throw new Failure(`the PNG cannot be decoded: ${error instanceof Error ? error.message : error}`);
  }
}

function readJpeg(bytes: Uint8Array): Pixels {
  try {
    const { width, height, data } = decodeJpeg(bytes, { useTArray: true, maxResolutionInMP: MAX_PIXELS / 1e6, tolerantDecoding: false });
    return { width, height, data };
  } catch (error) {
    throw new Failure(`the JPEG cannot be decoded: ${error instanceof Error ? error.message : error}`);
  }
}

function checkSize(width: number, height: number): void {
  if (width * height > MAX_PIXELS) throw new Failure(`it is ${width} x ${height} pixels; at most ${MAX_PIXELS / 1e6} million are read`);
}

function readStrokeFile(text: string, rule: Preprocess | undefined): Picture[] {
  return text.split("\n").flatMap((line, index): Picture[] => {
    if (line.trim() === "") return [];
    try {
      const { word, strokes } = readDrawing(line);
      return [{ pixels: drawStrokes(strokes, rule), line: index + 1, word }];
    } catch (error) {
      throw new Failure(`line ${index + 1}: ${error instanceof Error ? error.message : error}`);
    }
  });
}

/** Read one line: `{"word": "cat", "drawing": [[x[], y[]], ...]}`, or the drawing alone. */
function readDrawing(line: string): { word?: string; strokes: Strokes } {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    throw new Failure('it is not JSON; a stroke file has one {"word":"cat","drawing":[[[x0,x1],[y0,y1]],...]} a line');
  }
  const record = Array.isArray(parsed) ? { drawing: parsed } : (parsed as { word?: unknown; drawing?: unknown } | null);
  if (!isStrokes(record?.drawing)) throw new Failure('"drawing" is not a list of strokes [[x0,x1,...],[y0,y1,...]]');
  const word = record !== null && "word" in record && typeof record.word === "string" ? record.word : undefined;
  return { word, strokes: record.drawing };
}

function isStrokes(value: unknown): value is Strokes {
  const isNumbers = (list: unknown) => Array.isArray(list) && list.every((item) => typeof item === "number");
  return Array.isArray(value) && value.every((stroke) => Array.isArray(stroke) && stroke.length >= 2 && isNumbers(stroke[0]) && isNumbers(stroke[1]));
}

/** Draw strokes, black on white, as large as the model's input. */
function drawStrokes(strokes: Strokes, rule: Preprocess | undefined): Pixels {
  return rasterize(strokes, rule === undefined ? undefined : Math.max(rule.width, rule.height));
}
