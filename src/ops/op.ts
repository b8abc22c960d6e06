// What the host knows about an op: which constants it has, what it makes of shapes, and how to turn it into one kernel
// call. One file per op implements this; src/ops/table.ts lists them.
import type { Attributes, OpName } from "../graph/attributes.ts";
import type { ElementType, Numbers, Shape, Span } from "../graph/graph.ts";

/** Type and logical shape of a value; every dimension known. */
export interface Type {
  type: ElementType;
  shape: Shape;
}

/** A constant an op refers to: what it is called in errors, where it lies, and the numbers it must hold. */
export interface Stored<D> {
  name: string;
  /** Absent: the node goes without this constant. */
  data: D | undefined;
  /** i32: thresholds of integers. */
  type: ElementType | "i32";
  /** Numbers of one run; the bits of a run end with its last word, whose rest is 0. */
  length: number;
  runs: number;
}

/** A field of a parameter block: an integer, a float, or an address that is known once memory is laid out. */
export type Param =
  | number
  | { f32: number }
  | { input: number } // address of the node's i-th input
  | { output: number } // address of the node's i-th output
  | { span: Span | undefined } // address of a stored constant; 0 when absent
  | { table: number } // address of the i-th entry of `tables`
  | { scratch: number }; // this many bytes into the step's scratch

/** One kernel call, as data. */
export interface StepDraft {
  /** A row of src/kernels/table.ts; "alias": the output is the input's memory, nothing runs. */
  kernel: string;
  /** Kernels that can run the node, the statically best first; absent: there is only this one. */
  candidates?: string[];
  /** Why this kernel, where there was a choice; printed by `inspect --plan`. */
  why?: string;
  /** Multiply-accumulates of the whole call (a binary one counts like a real one); absent: none. */
  macs?: number;
  /** A kernel that is called once, when the plan is bound, with the same block: it fills the tables that are numbers of bytes. */
  setup?: string;
  /** A kernel that is called before `kernel` in every run, with the same block: it packs the input into scratch. */
  pack?: string;
  /** The kernel's parameter block: all of its fields in memory order, 4 bytes each. Mirrors assembly/ops/<op>/params.ts. */
  params: Readonly<Record<string, Param>>;
  /** Constants made at plan time; or the bytes that `setup` fills, which depend on the node and the kernel alone. */
  tables?: (Numbers | number)[];
  /** Scratch that all threads share. */
  scratchBytes?: number;
  /** Scratch of each thread; the first thread's follows the shared one. */
  threadBytes?: number;
  /** The kernel reads the reals that `context.signs` binarizes, in the place of input 0. */
  takesSigns?: boolean;
  /** The output may be written over input 0 when nobody else needs that input. */
  canWriteInPlace?: boolean;
}

/** What `prepare` may ask for. Addresses do not exist yet: see Param. */
export interface PrepareContext {
  inputs: readonly [Type, ...Type[]];
  output: Type;
  /** A kernel, or a family of kernels, to take if it can run the node: "reference" is the naive one. Else, as with "auto", the op chooses. */
  kernels: string;
  /** The module is the SIMD build, with kernels the others lack. */
  simd: boolean;
  /** How many threads share the calls. */
  threads: number;
  /** The binarize that makes input 0 from reals, if no other node reads what it makes. */
  signs?: Attributes<Span>["binarize"] | undefined;
}

/** What the host knows of an op. Every op makes one value. */
export interface Op<K extends OpName> {
  /** List the op's constants. Absent: it has none. */
  stored?<D>(attrs: Attributes<D>[K], inputs: readonly Type[]): Stored<D>[];
  /** Infer the output's type; throws PlanError, without the node's name, saying what was found and what is needed. Never reads constants. */
  infer(attrs: Attributes<unknown>[K], inputs: readonly Type[]): Type;
  /** Draft the kernel call; `infer` has accepted these inputs. */
  prepare(attrs: Attributes<Span>[K], context: PrepareContext): StepDraft;
}

/** How most parameter blocks begin. */
export const INPUT_TO_OUTPUT = { inputPtr: { input: 0 }, outputPtr: { output: 0 } } as const;
