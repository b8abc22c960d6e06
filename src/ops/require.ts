// What ops demand of their inputs, with the sentence a user sees when it is not so. The caller of an op adds the node's name.
import { type PlanCode, PlanError } from "../graph/errors.ts";
import type { ElementType, Shape } from "../graph/graph.ts";
import type { Type } from "./op.ts";

/** Throw PlanError unless a condition holds. */
export function demand(isRight: unknown, code: PlanCode, sentence: string): asserts isRight {
  if (!isRight) throw new PlanError(code, sentence);
}

/** Spell a shape as [1,64,28,28]. */
export function spell(shape: Shape): string {
  return `[${shape.join(",")}]`;
}

/** Types an input may have. */
export type Wanted = ElementType | "f32 or bits" | "f32 or i8" | "f32, bits or i8";

/** Return input `index`, which must be there and of a type that is wanted. */
export function requireInput(inputs: readonly Type[], index = 0, wanted: Wanted = "f32 or bits"): Type {
  const input = inputs[index];
  demand(input, "invalid", `has no input ${index}; convert the model again`);
  const { type } = input;
  const cure = type === "f32" ? "a binarize" : type === "bits" ? "an unpack" : "another";
  demand(wanted.includes(type), "type", `needs ${wanted} but its input ${index} is ${type}; put ${cure} node before it`);
  return input;
}

/** Throw unless input `index` is f32 and has this shape; `what` is it to the op? */
export function requireShape(inputs: readonly Type[], index: number, shape: Shape, what: string): void {
  const [found, needed] = [requireInput(inputs, index, "f32").shape, shape].map(spell);
  demand(found === needed, "shape", `the ${what} is ${found} but the output needs ${needed}`);
}

/** Throw unless a value has as many dimensions as `layout`, such as [N,C,H,W], has letters; "..." stands for any number. */
export function requireLayout({ shape }: Type, layout: string): void {
  const extra = shape.length - layout.replace(/[^A-Z]/g, "").length;
  const isRight = extra === 0 || (extra > 0 && layout.includes("..."));
  demand(isRight, "shape", `needs ${layout} but its input is ${spell(shape)}; put a reshape before it`);
}

/** Throw unless `axis` is one of the value's. */
export function requireAxis(axis: number, { shape }: Type): void {
  demand(axis < shape.length, "invalid", `works along axis ${axis} but its input is ${spell(shape)}; axes count from 0`);
}

/** Throw unless every list has one entry per axis. */
export function requireEntries(lists: Record<string, readonly number[]>, { shape }: Type): void {
  for (const [name, { length }] of Object.entries(lists)) {
    demand(length === shape.length, "invalid", `${name} has ${length} entries but its input is ${spell(shape)}; it must have one per axis`);
  }
}
