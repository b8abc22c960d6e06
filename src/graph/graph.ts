// The graph: pure data, no behaviour. A `Graph<Span>` points into a model file's data section (run side);
// a `Graph<Numbers>` holds its constants as typed arrays (convert side). Everything else is the same.

import type { Attributes, OpName } from "./attributes.ts";

/** How a value's elements are stored: 32-bit floats, one bit per element (bit 0 = +1, bit 1 = -1), or int8 that readers give a scale and zero point. */
export type ElementType = "f32" | "bits" | "i8";

/** Logical dimensions, `[N, C, H, W]` or `[N, C]`; -1 in dimension 0 means "any batch". */
export type Shape = readonly number[];

/** Bytes inside the data section of a model file. */
export interface Span {
  readonly offset: number;
  readonly bytes: number;
}

/** A constant in memory: f32 values, i32 thresholds, u32 words of packed bits, or i8 values. */
export type Numbers = Float32Array | Int32Array | Uint32Array | Int8Array;

/** What flows between nodes, or a constant. */
export interface Value<D = Span> {
  name: string;
  type: ElementType;
  shape: Shape;
  /** Present: the value is a stored constant. */
  constant?: D;
}

/** One operation, with its attributes, by the indices of its inputs and outputs. */
export type Node<D = Span> = {
  [K in OpName]: {
    name: string;
    op: K;
    attrs: Attributes<D>[K];
    inputs: number[];
    outputs: number[];
    /** Why the converter made it so; shown by `inspect`. */
    note?: string;
  };
}[OpName];

export type NodeOf<K extends OpName, D = Span> = Extract<Node<D>, { op: K }>;

/** How a picture becomes the first input. */
export interface Preprocess {
  width: number;
  height: number;
  channels: "gray" | "rgb" | "bgr";
  /** One per channel, in units of 0..1; none: 0. */
  mean: number[];
  /** Likewise; none: 1. */
  std: number[];
  invert: boolean;
  resize: "stretch" | "contain" | "cover";
}

/** What a model says of itself: labels, preprocessing, entries of its maker. */
export interface Metadata {
  labels: string[];
  preprocess?: Preprocess;
  license?: string;
  attribution?: string;
  producer?: string;
  training?: string;
  entries: Record<string, string>;
}

/** A network: values, and the nodes that make them, in an order in which they can run. */
export interface Graph<D = Span> {
  name: string;
  values: Value<D>[];
  /** In execution order. */
  nodes: Node<D>[];
  /** Indices into `values`. */
  inputs: number[];
  outputs: number[];
  metadata: Metadata;
}

/** Count the elements of a shape; NaN when a dimension is unknown. */
export function countElements(shape: Shape): number {
  return shape.reduce((product, dim) => product * (dim < 0 ? Number.NaN : dim), 1);
}

/** Put a batch size where a shape leaves it open. */
export function atBatch(shape: Shape, batch: number): Shape {
  return shape.map((dim) => (dim < 0 ? batch : dim));
}

/** Count the bytes of a value in memory: f32 or i8 NCHW, or bits NHW[Cw]. */
export function countBytes({ type, shape }: { type: ElementType | "i32"; shape: Shape }): number {
  const stored = type === "bits" ? shape.map((dim, axis) => (axis === 1 ? countWords(dim) : dim)) : shape;
  return countElements(stored) * (type === "i8" ? 1 : 4);
}

/** Count the 32-bit words that hold one run of `channels` bits. */
export function countWords(channels: number): number {
  return Math.ceil(channels / 32);
}

/** Count the planes a picture becomes. */
export function countPlanes({ channels }: Pick<Preprocess, "channels">): number {
  return channels === "gray" ? 1 : 3;
}
