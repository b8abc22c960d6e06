// The debug build: what the host's tests compare with their own view of the kernel boundary.
import { ABI_VERSION, OVERREAD_BYTES } from "./abi";
import { field } from "./describe";
import { describeActivation } from "./ops/activation/params";

/** Parameter block of an op as "name:offset;name:offset;", empty for an unknown op. */
export function describe(op: string): string {
  if (op == "activation") return describeActivation();
  return "";
}

/** Constants of the boundary, in the same form. */
export function constants(): string {
  return field("ABI_VERSION", ABI_VERSION) + field("OVERREAD_BYTES", OVERREAD_BYTES);
}
