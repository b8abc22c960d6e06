// The file that hybit select writes, and hybit convert and hybit report read: the choice, how it was made, and which model it is of.
import { createHash } from "node:crypto";
import type { SelectedLayer, Selection } from "../select/select.ts";
import { Failure } from "./failure.ts";
import { readBytes } from "./files.ts";

export interface StoredSelection extends Selection {
  /** SHA-256 of the model file, hexadecimal. */
  model: { name: string; sha256: string };
  /** As given on the command line, or their defaults. */
  options: Record<string, unknown>;
}

export function hashModel(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Read a selection. Throws Failure when the file is none. */
export async function readSelection(path: string): Promise<StoredSelection> {
  const selection = parse(await readBytes(path));
  if (selection === undefined) throw new Failure(`${path}: it is no selection; hybit select -o writes one`);
  return selection;
}

/** Read the names of the layers that keep real inputs. Throws Failure when the selection is another model's. */
export async function readRealInputs(path: string, modelPath: string, modelBytes: Uint8Array): Promise<string[]> {
  const { real, model } = await readSelection(path);
  if (model.sha256 === hashModel(modelBytes)) return real;
  const found = `"${model.name}" with SHA-256 ${model.sha256.slice(0, 12)}...`;
  throw new Failure(`${path}: it was made for another model than ${modelPath}, ${found}; run hybit select again`);
}

function parse(bytes: Uint8Array): StoredSelection | undefined {
  let read: Partial<StoredSelection> | null;
  try {
    read = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
  const isRight =
    areStrings(read?.real) &&
    areStrings([read?.model?.name, read?.model?.sha256]) &&
    areNumbers([read?.clusters, read?.total, read?.images, read?.equivalentMacs?.before, read?.equivalentMacs?.after]) &&
    Array.isArray(read?.layers) &&
    read.layers.every(isLayer) &&
    (read.curve === undefined || (Array.isArray(read.curve) && read.curve.every(isChoice)));
  return isRight ? (read as StoredSelection) : undefined;
}

function isLayer(layer: Partial<SelectedLayer> | null): boolean {
  if (!areStrings([layer?.name, layer?.kind, layer?.reason]) || !areNumbers([layer?.bytes])) return false;
  const { errors, cost, score, cluster } = layer as SelectedLayer;
  if (score === undefined) return true;
  return areNumbers([score, cluster, errors?.rmse, errors?.normalized, errors?.oneMinusSquare, cost?.macs, cost?.ms, cost?.addedMs]);
}

function isChoice(choice: Partial<NonNullable<Selection["curve"]>[number]> | null): boolean {
  return areStrings(choice?.real) && areNumbers([choice?.ms, choice?.gain]);
}

function areStrings(list: unknown): boolean {
  return Array.isArray(list) && list.every((item) => typeof item === "string");
}

function areNumbers(list: unknown[]): boolean {
  return list.every((item) => typeof item === "number");
}
