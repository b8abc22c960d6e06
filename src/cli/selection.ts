// The file that hybit select writes and hybit convert reads: the choice, how it was made, and which model it is of.
import { createHash } from "node:crypto";
import type { Selection } from "../select/select.ts";
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

/** Read the names of the layers that keep real inputs. Throws Failure when the file is none, or another model's. */
export async function readSelection(path: string, modelPath: string, modelBytes: Uint8Array): Promise<string[]> {
  const selection = parse(await readBytes(path));
  const { real, model } = selection ?? {};
  const isRight = Array.isArray(real) && real.every((name) => typeof name === "string") && typeof model?.sha256 === "string";
  if (!isRight) throw new Failure(`${path}: it is no selection; hybit select -o writes one`);
  if (model.sha256 !== hashModel(modelBytes)) {
    throw new Failure(
      `${path}: it was made for another model than ${modelPath}, "${model.name}" with SHA-256 ${model.sha256.slice(0, 12)}...; run hybit select again`,
    );
  }
  return real;
}

function parse(bytes: Uint8Array): Partial<StoredSelection> | undefined {
  try {
    const parsed: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof parsed === "object" && parsed !== null ? parsed : undefined;
  } catch {
    return undefined;
  }
}
