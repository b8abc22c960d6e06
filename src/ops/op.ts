import type { Attributes, OpName } from "../graph/attributes.ts";
import type { ElementType, NodeOf, Numbers, Shape, Span } from "../graph/graph.ts";

/** Type and logical shape of a value; every dimension known. */
export interface Type {
  type: ElementType;
  shape: Shape;
}

/** A constant an op refers to: what it is called in errors, where it lies, and the bytes it must have. */
export interface Stored<D> {
  name: string;
  data: D;
  bytes: number;
}

/** A field of a parameter block: a number, or an address that is known once memory is laid out. */
export type Param =
  | number
  | { input: number } // address of the node's i-th input
  | { output: number } // address of the node's i-th output
  | { span: Span | undefined } // address of a stored constant; 0 when absent
  | { table: number } // address of the i-th entry of `tables`
  | { scratch: number }; // this many bytes into the step's scratch

/** One kernel call, as data. */
export interface StepDraft {
  /** A row of src/kernels/table.ts; "alias": the output is the input's memory, nothing runs. */
  kernel: string;
  /** Why this kernel; printed by `inspect --plan`. */
  why: string;
  /** Multiply-accumulates of the whole call (a binary one counts like a real one). */
  macs: number;
  params: Record<string, Param>;
  /** Constants made at plan time, e.g. border corrections. */
  tables?: Numbers[];
  scratchBytes?: number;
  /** Output 0 may be written over input 0 when nobody else needs that input. */
  canWriteInPlace?: boolean;
}

/** What `prepare` may ask for. Addresses do not exist yet: see Param. */
export interface PrepareContext {
  inputs: readonly Type[];
  outputs: readonly Type[];
  /** "reference" asks for the naive kernel of the op. */
  kernels: "auto" | "reference";
  /** True when the engine's module has the SIMD kernels. */
  simd: boolean;
  /** Read a stored constant; a view that is valid during this call only. */
  read(span: Span): Uint8Array;
}

/** Field names of a parameter block in memory order, each 4 bytes. Mirrors assembly/ops/<op>/params.ts. */
export type Block = Readonly<Record<string, "u32" | "i32" | "f32">>;

export interface Op<K extends OpName> {
  /** Parameter block of the op's kernels; one layout for all of them. */
  block: Block;
  /** List the op's stored constants with their required sizes. */
  stored<D>(attrs: Attributes<D>[K], inputs: readonly Type[]): Stored<D>[];
  /** Infer output types; throws PlanError saying what was found and what is needed. Never reads constants. */
  infer(node: NodeOf<K, unknown>, inputs: readonly Type[]): Type[];
  prepare(node: NodeOf<K>, context: PrepareContext): StepDraft;
}
