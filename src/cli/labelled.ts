// Inputs with the right class of each, read one after the other: folders of a class each, stroke files with their words, idx and CSV files of grey
// pictures, arrays. What a file is, its contents tell.
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { Model } from "../engine/model.ts";
import type { Preprocess } from "../graph/graph.ts";
import { type Pixels, preprocess } from "../image/preprocess.ts";
import { readCsv } from "./csv.ts";
import { about, Failure } from "./failure.ts";
import { readBytes } from "./files.ts";
import { isIdx, readIdx } from "./idx.ts";
import { isPicture, readPictures } from "./images.ts";
import { isNpy, readNpy } from "./npy.ts";
import { countItems } from "./tensors.ts";

export interface LabelledItem {
  input: Float32Array | Int8Array;
  /** Index of the right class. */
  label: number;
}

export interface Labelled {
  files: string[];
  /** Read everything; `onFile` is told before each file how many are done. Throws Failure. */
  items(onFile: (done: number) => void): AsyncIterable<LabelledItem>;
}

export interface LabelledOptions {
  /** The file of classes that goes with arrays and idx pictures. */
  truth?: string | undefined;
  preprocess?: Preprocess | undefined;
}

const PICTURES = /\.(png|jpe?g)$/i;

/** Find what is to be read. Throws Failure. */
export async function openLabelled(path: string, model: Model, classes: number, options: LabelledOptions): Promise<Labelled> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  const rule = options.preprocess ?? model.metadata.preprocess;
  const toInput = (pixels: Pixels) => preprocess(pixels, { inputs: model.inputs, metadata: { preprocess: requireRule(rule) } });
  if (isFolder) return openFolders(path, model, classes, toInput, rule);
  const bytes = unzip(await readBytes(path));
  if (bytes.length === 0) throw new Failure(`${path}: it is empty`);
  if (isPicture(bytes))
    throw new Failure(`${path}: one picture says nothing of accuracy; give the folder that holds a folder of pictures for each class`);
  const read = isNpy(bytes) ? readArray : isIdx(bytes) ? readDigits : /^\s*\{/.test(startOf(bytes)) ? readDrawings : readRows;
  return {
    files: [path],
    async *items(onFile) {
      onFile(0);
      const found = (await about(path, () => read()))[Symbol.iterator]();
      for (;;) {
        const next = await about(path, () => found.next());
        if (next.done) break;
        yield next.value;
      }
      onFile(1);
    },
  };

  async function readArray(): Promise<Iterable<LabelledItem>> {
    const array = readNpy(bytes);
    const count = countItems(model.inputs[0] as Model["inputs"][number], array);
    const labels = await readTruthFile(count);
    const elems = array.data.length / count;
    const isInt8 = model.inputs[0]?.type === "i8";
    return each(labels, (label, i) => {
      const numbers = array.data.subarray(i * elems, (i + 1) * elems);
      return { label, input: isInt8 ? Int8Array.from(numbers) : numbers };
    });
  }

  async function readDigits(): Promise<Iterable<LabelledItem>> {
    const { shape, data } = readIdx(bytes);
    const [count = 0, height = 0, width = 0] = shape;
    if (shape.length !== 3) throw new Failure(`its shape is [${shape}]; pictures are [count, height, width]`);
    const labels = await readTruthFile(count);
    const elems = height * width;
    return each(labels, (label, i) => ({ label, input: toInput({ width, height, data: data.subarray(i * elems, (i + 1) * elems) }) }));
  }

  function readRows(): Iterable<LabelledItem> {
    return each(readCsv(bytes), ({ label, pixels }, row) => {
      const side = Math.sqrt(pixels.length);
      const { width = side, height = side } = rule && rule.width * rule.height === pixels.length ? rule : {};
      if (!Number.isInteger(width)) throw new Failure(`row ${row + 1} has ${pixels.length} pixels, which is no square and not the model's size`);
      return { label: requireClass(label, classes), input: toInput({ width, height, data: pixels }) };
    });
  }

  function readDrawings(): Iterable<LabelledItem> {
    return each(readPictures(bytes, rule), ({ pixels, word, line }) => {
      if (word === undefined) throw new Failure(`line ${line} has no "word", which says what it shows`);
      return { label: findClass(word, model.metadata.labels), input: toInput(pixels) };
    });
  }

  async function readTruthFile(count: number): Promise<number[]> {
    const { truth } = options;
    if (truth === undefined) throw new Failure("it does not say what is right; add --truth with the class of each of its items");
    const labels = unzip(await readBytes(truth));
    return about(truth, () => {
      const numbers = isIdx(labels) ? readIdx(labels).data : isNpy(labels) ? readNpy(labels).data : undefined;
      if (numbers === undefined) throw new Failure("it is neither an idx nor a .npy file of class numbers");
      if (numbers.length !== count) throw new Failure(`it holds ${numbers.length} class numbers but there are ${count} inputs; give one for each`);
      return Array.from(numbers, (label) => requireClass(label, classes));
    });
  }
}

async function openFolders(
  path: string,
  { metadata }: Model,
  classes: number,
  toInput: (pixels: Pixels) => LabelledItem["input"],
  rule: Preprocess | undefined,
): Promise<Labelled> {
  const names = (await readdir(path, { withFileTypes: true })).filter((entry) => entry.isDirectory()).map(({ name }) => name);
  names.sort();
  if (names.length === 0) throw new Failure(`${path}: it holds no folders; give one for each class, with pictures in it`);
  const isNamed = metadata.labels.length > 0;
  if (!isNamed && names.length > classes)
    throw new Failure(`${path}: it holds ${names.length} folders but the model has ${classes} classes and no names for them`);
  const found: { file: string; label: number }[] = [];
  for (const [index, name] of names.entries()) {
    const label = isNamed ? await about(join(path, name), () => findClass(name, metadata.labels)) : index;
    const inside = (await readdir(join(path, name), { recursive: true })).filter((file) => PICTURES.test(file)).sort();
    found.push(...inside.map((file) => ({ file: join(path, name, file), label })));
  }
  if (found.length === 0) throw new Failure(`${path}: its folders hold no PNG or JPEG file`);
  return {
    files: found.map(({ file }) => file),
    async *items(onFile) {
      for (const [done, { file, label }] of found.entries()) {
        onFile(done);
        const bytes = await readBytes(file);
        const pictures = await about(file, () => readPictures(bytes, rule).map(({ pixels }) => toInput(pixels)));
        for (const input of pictures) yield { input, label };
      }
      onFile(found.length);
    },
  };
}

/** One after the other, when it is asked for: inputs take more room than what they are made of. */
function* each<T>(list: readonly T[], make: (item: T, index: number) => LabelledItem): Generator<LabelledItem> {
  for (const [index, item] of list.entries()) yield make(item, index);
}

function requireRule(rule: Preprocess | undefined): Preprocess {
  if (rule === undefined) throw new Failure("the model does not say how pictures become its input; add --preprocess");
  return rule;
}

function requireClass(label: number, classes: number): number {
  if (Number.isInteger(label) && label >= 0 && label < classes) return label;
  throw new Failure(`it has the class ${label}; the model's are 0 to ${classes - 1}`);
}

/** The class of this name; case, spaces and underscores do not count. */
function findClass(name: string, labels: readonly string[]): number {
  const plain = (text: string) =>
    text
      .toLowerCase()
      .replaceAll(/[\s_-]+/g, " ")
      .trim();
  const index = labels.findIndex((label) => plain(label) === plain(name));
  if (index < 0) throw new Failure(`"${name}" is none of the model's classes: ${labels.slice(0, 12).join(", ")}${labels.length > 12 ? ", ..." : ""}`);
  return index;
}

function unzip(bytes: Uint8Array): Uint8Array {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return new Uint8Array(gunzipSync(bytes));
  } catch (error) {
    throw new Failure(`the gzip file is damaged: ${error instanceof Error ? error.message : error}`);
  }
}

function startOf(bytes: Uint8Array): string {
  return new TextDecoder("latin1").decode(bytes.subarray(0, 64));
}
