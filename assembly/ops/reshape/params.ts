// Parameter block of the reshape kernels: the block of every op that only moves elements, drawn in assembly/moves/params.ts.
import { describeMove } from "../../moves/params";

export function describeReshape(): string {
  return describeMove();
}
