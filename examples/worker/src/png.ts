// PNG files of strangers to grey pixels. A file of a few bytes can promise, or unpack to, any size: both are looked at before the
// library sees the file, and chunks that are not needed for the picture (which may be compressed as well) never reach it.
import { convertIndexedToRgb, decode } from "fast-png";
import type { Pixels } from "hybit/image";
import { Refusal } from "./refusal.ts";

/** 512 x 512: the decoded picture and what is made of it take about 6 MB. */
const MAX_PIXELS = 2 ** 18;
/** Of the chunk with the size: length, type, width, height, depth, colour type, compression, filter, interlace. */
const HEADER_BYTES = 33;
const NEEDED = ["IHDR", "PLTE", "tRNS", "IDAT", "IEND"];
/** Samples a pixel, by colour type: grey, -, RGB, palette, grey and alpha, -, RGBA. */
const SAMPLES = [1, 0, 3, 1, 2, 0, 4];

const broken = (what: string) => new Refusal(400, "png-broken", `The PNG cannot be read: ${what}.`);

/** Decode a PNG, laid over white. Throws Refusal. */
export async function readPng(file: Uint8Array<ArrayBuffer>): Promise<Pixels> {
  if (file.length < 8 + HEADER_BYTES) throw broken("it ends too early");
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const [width, height, depth] = [view.getUint32(16), view.getUint32(20), view.getUint8(24)];
  const samples = SAMPLES[view.getUint8(25)] ?? 0;
  if (width * height > MAX_PIXELS) {
    throw new Refusal(413, "picture-too-large", `The picture is ${width} x ${height} pixels; at most ${MAX_PIXELS} pixels are read.`);
  }
  if (width * height === 0) throw broken("it has no pixels");
  if (view.getUint8(28) !== 0) throw new Refusal(415, "png-interlaced", "The PNG is interlaced, which is not read here; save it without.");
  const { slim, packed } = splitChunks(file, view);
  await demandSize(packed, (Math.ceil((width * samples * depth) / 8) + 1) * height);
  try {
    return toGrey(slim);
  } catch (error) {
    throw broken(error instanceof Error ? error.message : String(error));
  }
}

/** Walk the chunks: the file without those that are not needed, and its packed pixels. */
function splitChunks(file: Uint8Array<ArrayBuffer>, view: DataView): { slim: Uint8Array; packed: Blob } {
  const kept = [file.subarray(0, 8)];
  const packed: Uint8Array<ArrayBuffer>[] = [];
  for (let at = 8, type = ""; type !== "IEND"; ) {
    if (at + 12 > file.length) throw broken("it ends too early");
    const end = at + 12 + view.getUint32(at);
    if (end > file.length) throw broken("it ends too early");
    type = String.fromCharCode(...file.subarray(at + 4, at + 8));
    if (NEEDED.includes(type)) kept.push(file.subarray(at, end));
    if (type === "IDAT") packed.push(file.subarray(at + 8, end - 4));
    at = end;
  }
  const slim = new Uint8Array(kept.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of kept) {
    slim.set(part, at);
    at += part.length;
  }
  return { slim, packed: new Blob(packed) };
}

/** Unpack without keeping anything: the pixels must be as many as the header says. */
async function demandSize(packed: Blob, wanted: number): Promise<void> {
  let found = 0;
  try {
    for await (const part of packed.stream().pipeThrough(new DecompressionStream("deflate")) as unknown as AsyncIterable<Uint8Array>) {
      found += part.length;
      if (found > wanted) break;
    }
  } catch {
    throw broken("its pixels cannot be unpacked");
  }
  if (found !== wanted) throw broken(`its pixels are ${found > wanted ? "more" : "fewer"} than its header says`);
}

function toGrey(file: Uint8Array): Pixels {
  const png = decode(file, { checkCrc: true });
  const { width, height, depth, palette, transparency } = png;
  const scale = 255 / (2 ** depth - 1);
  const channels = palette?.[0]?.length ?? png.channels;
  const samples = palette ? convertIndexedToRgb(png) : depth < 8 ? unpack(png.data, width, height, depth) : png.data;
  const to8 = palette ? 1 : scale;
  const hasAlpha = channels === 2 || channels === 4;
  const colours = hasAlpha ? channels - 1 : channels;
  const data = new Uint8Array(width * height);
  for (let pixel = 0, at = 0; pixel < data.length; pixel++, at += channels) {
    const red = samples[at] as number;
    const luma = colours === 1 ? red : 0.299 * red + 0.587 * (samples[at + 1] as number) + 0.114 * (samples[at + 2] as number);
    const isKey = !palette && transparency !== undefined && isEqual(samples, at, transparency);
    const alpha = isKey ? 0 : hasAlpha ? ((samples[at + colours] as number) * to8) / 255 : 1;
    data[pixel] = Math.round(luma * to8 * alpha + 255 * (1 - alpha));
  }
  return { width, height, data };
}

/** Samples of 1, 2 or 4 bits; rows begin at bytes. */
function unpack(data: ArrayLike<number>, width: number, height: number, depth: number): Uint8Array {
  const rowBytes = Math.ceil((width * depth) / 8);
  return Uint8Array.from({ length: width * height }, (_, i) => {
    const bit = (i % width) * depth;
    const byte = data[Math.floor(i / width) * rowBytes + (bit >> 3)] as number;
    return (byte >> (8 - depth - (bit & 7))) & (2 ** depth - 1);
  });
}

/** Whether a pixel has the one colour that the file declares transparent. */
function isEqual(samples: ArrayLike<number>, at: number, colour: Uint16Array): boolean {
  return colour.every((value, i) => samples[at + i] === value);
}
