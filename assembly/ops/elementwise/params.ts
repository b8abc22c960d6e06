// Parameter block of the elementwise kernels. The host merges axes that behave alike, so that the innermost run
// is long; the output is walked in order.
//
//   byte  0  4  8   12    16       20   24
//        a  b out views counters rank elems
//
//   views   u32: rank dimensions of the output, then as many strides of a, then of b (0 where broadcast)
import { field } from "../../describe";

@unmanaged
export class ElementwiseParams {
  aPtr!: u32; // f32
  bPtr!: u32; // f32
  outputPtr!: u32; // f32; may equal aPtr when a has the output's shape
  viewsPtr!: u32;
  countersPtr!: u32; // scratch: rank words of each part
  rank!: u32; // at least 1; innermost strides are 0 or 1
  elems!: u32; // at least 1
}

export function describeElementwise(): string {
  return (
    field("aPtr", offsetof<ElementwiseParams>("aPtr")) +
    field("bPtr", offsetof<ElementwiseParams>("bPtr")) +
    field("outputPtr", offsetof<ElementwiseParams>("outputPtr")) +
    field("viewsPtr", offsetof<ElementwiseParams>("viewsPtr")) +
    field("countersPtr", offsetof<ElementwiseParams>("countersPtr")) +
    field("rank", offsetof<ElementwiseParams>("rank")) +
    field("elems", offsetof<ElementwiseParams>("elems"))
  );
}
