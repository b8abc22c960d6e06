// The schema as data: what src/format/generated/schema.ts says in short, spelled out.
import type { OpName } from "../graph/attributes.ts";
import { OP_NAMES, TABLES } from "./generated/schema.ts";

export interface Field {
  name: string;
  /** See generated/schema.ts; "vt" is a vector of tables. */
  kind: string;
  /** yL_H: L and H; rN and tN: line of the schema. */
  first: number;
  last: number;
  /** eA|B: names of the values 0, 1, ... */
  names: string[];
  /** What stands for it where it is not written; undefined: nothing. */
  absent: unknown;
  isRequired: boolean;
}

/** Ops in the order of the union; member k is `OPS_IN_UNION[k - 1]`. */
export const OPS_IN_UNION = OP_NAMES.split(" ") as OpName[];

/** Spell out tables and structs by line, each when it is first asked for: few files have all. */
export function openSchema(): (line: number) => Field[] {
  const lines = TABLES.split("\n");
  const known: Field[][] = [];
  return (line) =>
    (known[line] ??= [...(lines[line] as string).matchAll(/(\w+):(?:e([\w|-]+)|([a-z]+)(-?\d*)_?(\d*))(?:=([\d.-]+))?(!?)/g)].map(
      ([, name = "", names, kind = "e", first, last, value = 0, required]) => ({
        name,
        kind,
        first: Number(first),
        last: Number(last),
        names: names?.split("|") ?? [],
        absent: kind.startsWith("v") ? [] : names ? names.split("|")[0] : kind === "b" ? false : "infy".includes(kind) ? Number(value) : undefined,
        isRequired: required === "!",
      }),
    ));
}
