// Every kernel the wasm modules export, one row each. Selection, oracle tests and benches walk this list.
import type { OpName } from "../graph/attributes.ts";

export interface Kernel {
  /** Export name: {op}_{in}{weights}{out}_{variant}[_{MR}x{NR}]. */
  name: string;
  op: OpName;
  /** The naive twin: what `{ kernels: "reference" }` runs. */
  isReference?: boolean;
}

export const KERNELS: readonly Kernel[] = [{ name: "activation_f32", op: "activation" }];
