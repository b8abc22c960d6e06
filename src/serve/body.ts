// From a request's body to the inputs of one item.
import type { Inputs, TensorInfo } from "../engine/model.ts";
import { Refusal } from "./refusal.ts";

/** Makes the model's input of a picture file or of a drawing's strokes. Throws an error with a sentence. */
export type ReadPicture = (bytes: Uint8Array) => Float32Array | Int8Array;

const TYPES = "image/png, image/jpeg, application/json or application/octet-stream";

/** Read a body; `readPicture` is there if the model takes pictures. Throws Refusal. */
export function readBody(type: string | undefined, bytes: Uint8Array, infos: readonly TensorInfo[], readPicture: ReadPicture | undefined): Inputs {
  const kind = type?.split(";")[0]?.trim().toLowerCase();
  if (bytes.length === 0) throw new Refusal(400, "empty", `the body is empty; send ${TYPES}`);
  if (kind === "image/png" || kind === "image/jpeg") return { [nameOf(infos)]: readImage(bytes, readPicture) };
  if (kind === "application/octet-stream") return { [nameOf(infos)]: readRaw(bytes, infos) };
  if (kind === "application/json") return readJson(bytes, infos, readPicture);
  throw new Refusal(415, "type", `the content type is ${kind ?? "missing"}; send ${TYPES}`);
}

function nameOf(infos: readonly TensorInfo[]): string {
  const [first] = infos;
  if (infos.length !== 1 || !first)
    throw new Refusal(415, "inputs", `the model has ${infos.length} inputs; send them as JSON: {"inputs": {name: [...]}}`);
  return first.name;
}

function readImage(bytes: Uint8Array, readPicture: ReadPicture | undefined): Float32Array | Int8Array {
  if (!readPicture) throw new Refusal(415, "not-pictures", "the model does not say how pictures become its input; send numbers");
  try {
    return readPicture(bytes);
  } catch (error) {
    throw new Refusal(422, "picture", error instanceof Error ? error.message : String(error));
  }
}

function lengthOf({ shape }: TensorInfo): number {
  return shape.slice(1).reduce((product, dim) => product * dim, Math.max(1, shape[0] ?? 1));
}

function readRaw(bytes: Uint8Array, [info]: readonly TensorInfo[]): Float32Array | Int8Array {
  const { type, name } = info as TensorInfo;
  const length = lengthOf(info as TensorInfo);
  const wanted = type === "i8" ? length : 4 * length;
  if (bytes.length !== wanted) {
    const unit = type === "i8" ? "int8 numbers" : "32-bit floats, little-endian";
    throw new Refusal(422, "length", `the body has ${bytes.length} bytes but input "${name}" takes ${wanted}: ${length} ${unit}`);
  }
  const own = bytes.slice();
  return type === "i8" ? new Int8Array(own.buffer) : new Float32Array(own.buffer);
}

function readJson(bytes: Uint8Array, infos: readonly TensorInfo[], readPicture: ReadPicture | undefined): Inputs {
  const body = parse(bytes);
  if (typeof body !== "object" || body === null || Array.isArray(body))
    throw new Refusal(422, "json", 'the body is no object; send {"inputs": {...}} or {"drawing": [...]}');
  if ("drawing" in body) return { [nameOf(infos)]: readImage(new TextEncoder().encode(JSON.stringify({ drawing: body.drawing })), readPicture) };
  const given = "inputs" in body ? body.inputs : undefined;
  if (typeof given !== "object" || given === null) throw new Refusal(422, "json", 'the body has neither "inputs" nor "drawing"');
  const unknown = Object.keys(given).find((name) => !infos.some((info) => info.name === name));
  if (unknown !== undefined)
    throw new Refusal(422, "inputs", `there is no input "${unknown}"; the model's are ${infos.map(({ name }) => `"${name}"`).join(", ")}`);
  return Object.fromEntries(infos.map((info) => [info.name, readNumbers((given as Record<string, unknown>)[info.name], info)]));
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    throw new Refusal(400, "json", `the body is not JSON: ${error instanceof Error ? error.message : error}`);
  }
}

/** Nested lists or one list, row-major. */
function readNumbers(given: unknown, info: TensorInfo): Float32Array | Int8Array {
  const { name, type } = info;
  if (!Array.isArray(given))
    throw new Refusal(422, "inputs", `input "${name}" is ${given === undefined ? "missing" : "not a list"}; send its numbers`);
  const numbers = given.flat(Number.POSITIVE_INFINITY);
  const length = lengthOf(info);
  if (numbers.length !== length) throw new Refusal(422, "length", `input "${name}" has ${numbers.length} numbers but takes ${length}, one item`);
  const wrong = numbers.findIndex(
    (number) => typeof number !== "number" || (type === "i8" && (!Number.isInteger(number) || Math.abs(number + 0.5) > 128)),
  );
  if (wrong !== -1)
    throw new Refusal(
      422,
      "inputs",
      `input "${name}" has ${JSON.stringify(numbers[wrong])} at index ${wrong}; it takes ${type === "i8" ? "whole numbers from -128 to 127" : "numbers"}`,
    );
  return type === "i8" ? Int8Array.from(numbers) : Float32Array.from(numbers);
}
