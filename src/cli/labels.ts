// The --labels option: class names in the order of the model's outputs, in the option itself or in a file.

import { Failure } from "./failure.ts";
import { readBytes } from "./files.ts";

/** "a,b,c", or a file with one name a line or a JSON list. Throws Failure. */
export async function readLabels(text: string): Promise<string[]> {
  if (!/\.(txt|json)$/i.test(text)) return split(text, ",");
  const contents = new TextDecoder().decode(await readBytes(text));
  const labels = /^\s*[[{]/.test(contents) ? readJson(text, contents) : split(contents, "\n");
  if (labels.length === 0) throw new Failure(`${text}: it holds no labels; write one a line`);
  return labels;
}

function split(text: string, by: string): string[] {
  return text
    .split(by)
    .map((label) => label.trim())
    .filter((label) => label !== "");
}

/** A list of names, or an object with the class numbers as keys: `{"0": "apple", ...}`. */
function readJson(path: string, contents: string): string[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(contents);
  } catch (error) {
    throw new Failure(`${path}: it is not valid JSON: ${error instanceof Error ? error.message : error}`);
  }
  const names = Array.isArray(parsed) ? parsed : orderByNumber(parsed as Record<string, unknown>);
  if (!names.every((name) => typeof name === "string")) {
    throw new Failure(`${path}: labels must be a JSON list of names, or an object {"0":"apple",...} with every class number once`);
  }
  return names;
}

function orderByNumber(names: Record<string, unknown>): unknown[] {
  return Object.keys(names).map((_, index) => names[String(index)]);
}
