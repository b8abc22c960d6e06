// Parameter block of the activation kernels.
//
//   byte  0   4   8   12  16  20
//        in  out count kind alpha beta
import { field } from "../../describe";

@unmanaged
export class ActivationParams {
  inputPtr!: u32; // f32, any shape
  outputPtr!: u32; // f32, may equal inputPtr
  elems!: u32;
  kind!: u32; // ActivationKind of schema/hybit.fbs
  alpha!: f32;
  beta!: f32;
}

export function describeActivation(): string {
  return (
    field("inputPtr", offsetof<ActivationParams>("inputPtr")) +
    field("outputPtr", offsetof<ActivationParams>("outputPtr")) +
    field("elems", offsetof<ActivationParams>("elems")) +
    field("kind", offsetof<ActivationParams>("kind")) +
    field("alpha", offsetof<ActivationParams>("alpha")) +
    field("beta", offsetof<ActivationParams>("beta"))
  );
}
