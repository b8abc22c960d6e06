// Parameter block of the slice kernels: the block of every op that only moves elements, drawn in assembly/moves/params.ts.
import { describeMove } from "../../moves/params";

export function describeSlice(): string {
  return describeMove();
}
