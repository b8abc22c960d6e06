// Files in and out, with errors a user understands. A file is written beside its place and then renamed, so that
// nobody ever meets half of one, not even after Ctrl-C.
import { mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { Failure } from "./failure.ts";

const CAUSES: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  ENOTDIR: "part of the path is a file, not a folder",
  EISDIR: "it is a folder",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the disk is read-only",
  ENOSPC: "the disk is full",
  ENAMETOOLONG: "the name is too long",
};

/** Read a whole file. Throws Failure. */
export async function readBytes(path: string): Promise<Uint8Array> {
  try {
    const bytes = await readFile(path);
    return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  } catch (error) {
    throw new Failure(`${path}: cannot be read: ${explain(error)}`);
  }
}

/** Write a whole file, or leave what was there. Throws Failure. */
export async function writeBytes(path: string, bytes: Uint8Array): Promise<void> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => path.endsWith("/"),
  );
  if (isFolder) throw new Failure(`${path}: cannot be written: it is a folder; add a file name`);
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
  const abandon = () => {
    void rm(temporary, { force: true }).finally(() => process.exit(130));
  };
  process.once("SIGINT", abandon);
  try {
    await writeFile(temporary, bytes);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    const cause = (error as NodeJS.ErrnoException).code === "ENOENT" ? `there is no folder ${dirname(path)}` : explain(error);
    throw new Failure(`${path}: cannot be written: ${cause}`);
  } finally {
    process.off("SIGINT", abandon);
  }
}

/** Make a folder and those above it. Throws Failure. */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (error) {
    const isFile = (error as NodeJS.ErrnoException).code === "EEXIST";
    throw new Failure(`${path}: cannot be made a folder: ${isFile ? "it is a file" : explain(error)}`);
  }
}

function explain(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return CAUSES[code ?? ""] ?? message;
}
