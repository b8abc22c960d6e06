// Parameter block of the pad kernels: the block of every op that only moves elements, drawn in assembly/moves/params.ts.
import { describeMove } from "../../moves/params";

export function describePad(): string {
  return describeMove();
}
