// The plan: what `run` will do, decided in full before anything runs, and printable. Addresses are relative:
// to the arena, to the data section, to the step's tables; the session adds the bases.
import type { OpName } from "../graph/attributes.ts";
import type { Span } from "../graph/graph.ts";
import type { StepDraft, Type } from "../ops/op.ts";

/** Where a value lives: at an offset in the arena, or in the data section. */
export type Place = { arena: number } | { span: Span };

/** A value of the graph with its shape at this batch, its bytes and its place. */
export interface PlannedValue extends Type {
  name: string;
  place: Place;
  bytes: number;
}

/** The bundles shorten the names in `params`; their order is what counts. */
export interface Step extends StepDraft {
  /** Name of the graph's node. */
  node: string;
  op: OpName;
  inputs: number[];
  outputs: number[];
  macs: number;
}

/** How a batch runs: the kernels in order, where every value lies, and what it needs. Plain data. */
export interface Plan {
  batch: number;
  /** One per value of the graph, same indices. */
  values: PlannedValue[];
  /** In execution order; nodes that only rename memory ("alias") are left out. */
  steps: Step[];
  /** Bytes for activations, over-read slack included. */
  arenaBytes: number;
  /** Bytes for the largest step's scratch. */
  scratchBytes: number;
  /** Bytes of parameter blocks and plan-time tables. */
  tableBytes: number;
  macs: number;
}
