// The file that hybit select writes, and hybit convert and hybit report read: the choice, how it was made, and which model it is of.
import { createHash } from "node:crypto";
import { WEIGHT_BINARIZATIONS } from "../binarize/binarize-weights.ts";
import type { ConvertOptions } from "../convert.ts";
import type { SelectedLayer, Selection } from "../select/select.ts";
import { COSTS, type CurvePoint } from "../select/spend.ts";
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

/** Read what a selection tells convert to do. Throws Failure when it is another model's. */
export async function readChoice(
  path: string,
  modelPath: string,
  modelBytes: Uint8Array,
): Promise<Pick<ConvertOptions, "realInputs" | "binarize" | "layers">> {
  const { real, model, weights } = await readSelection(path);
  if (model.sha256 !== hashModel(modelBytes)) {
    const found = `"${model.name}" with SHA-256 ${model.sha256.slice(0, 12)}...`;
    throw new Failure(`${path}: it was made for another model than ${modelPath}, ${found}; run hybit select again`);
  }
  if (weights === undefined) return { realInputs: real };
  return weights.layers.length === 0 ? {} : { binarize: weights.method, layers: weights.layers };
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
    (read.weights === undefined || (WEIGHT_BINARIZATIONS.includes(read.weights.method) && areStrings(read.weights.layers))) &&
    (read.budget === undefined || isBudget(read.budget));
  return isRight ? (read as StoredSelection) : undefined;
}

function isLayer(layer: Partial<SelectedLayer> | null): boolean {
  if (!areStrings([layer?.name, layer?.kind, layer?.reason]) || !areNumbers([layer?.bytes])) return false;
  const { errors, cost, score, cluster, change } = layer as SelectedLayer;
  if (cost && !areNumbers([cost.macs, cost.ms, cost.addedMs, cost.addedBytes])) return false;
  if (change !== undefined && !areNumbers([change])) return false;
  return score === undefined || areNumbers([score, cluster, errors?.rmse, errors?.normalized, errors?.oneMinusSquare, cost?.ms]);
}

function isBudget({ curve, unit, counts, check }: Partial<NonNullable<Selection["budget"]>>): boolean {
  if (!COSTS.some((name) => name === unit) || !areStrings([counts]) || !Array.isArray(curve) || curve.length === 0) return false;
  const isPoint = (point: Partial<CurvePoint> | null) => areStrings(point?.real) && areNumbers([point?.price, point?.lost]);
  return curve.every(isPoint) && (check === undefined || areNumbers([check.divergence]));
}

function areStrings(list: unknown): boolean {
  return Array.isArray(list) && list.every((item) => typeof item === "string");
}

function areNumbers(list: unknown[]): boolean {
  return list.every((item) => typeof item === "number");
}
