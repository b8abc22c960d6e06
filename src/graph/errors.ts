// The three errors a user can meet, by stage. `code` is stable and for programs; the message is for people:
// where, what was found, what is needed, what to do. *unsupported* means valid but not done here; *invalid*
// means it can never work.

/** Why a file was not loaded: `code` of a LoadError. */
export type LoadCode =
  | "not-a-model" // wrong magic: another kind of file
  | "truncated" // shorter than it says
  | "checksum" // bytes differ from those that were written
  | "version" // made by a newer hybit
  | "invalid" // breaks a rule of the format
  | "unsupported" // valid, but this build cannot do it
  | "too-large" // needs more than maxMemory
  | "no-wasm" // the engine's module cannot run here
  | "fetch" // the source could not be read
  | "aborted";

/** Why a graph cannot run here: `code` of a PlanError. */
export type PlanCode = "shape" | "type" | "unsupported" | "invalid" | "too-large";

/** Why a run was refused or ended: `code` of a RunError. */
export type RunCode =
  | "input-missing"
  | "input-unknown"
  | "input-type"
  | "input-length"
  | "input-not-finite"
  | "output-not-finite"
  | "thread-lost" // a thread that shared the run's work failed or stopped
  | "worker-lost" // the worker of a pool that had the item stopped
  | "disposed"
  | "aborted";

class StageError<Code extends string> extends Error {
  readonly code: Code;
  /** Name of the node the error is about, when there is one. */
  readonly node: string | undefined;

  constructor(code: Code, message: string, node?: string) {
    super(node === undefined ? message : `in node "${node}": ${message}`);
    this.code = code;
    this.node = node;
  }
}

/** The model file or its source cannot be used. */
export class LoadError extends StageError<LoadCode> {
  override readonly name = "LoadError";
}

/** The graph cannot be executed with these shapes, types or limits. */
export class PlanError extends StageError<PlanCode> {
  override readonly name = "PlanError";
}

/** This call of a loaded model cannot be answered. */
export class RunError extends StageError<RunCode> {
  override readonly name = "RunError";
}
