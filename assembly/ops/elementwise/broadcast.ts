// The walk of the elementwise kernels: outer axes by an odometer, the innermost run by vectors.
import { shareStart } from "../../share";
import { ElementwiseParams } from "./params";

export const ADD: i32 = 0;
export const MUL: i32 = 1;
export const MAX: i32 = 2;
// From here on a and b cannot be swapped.
export const DIV: i32 = 3;
export const POW: i32 = 4;

/** Combine a share of a and b; `op` is a constant at every call site and disappears. A single run is shared by elements, several by runs. */
// @ts-ignore: decorator
@inline
export function combine(p: ElementwiseParams, part: u32, parts: u32, op: i32): void {
  const rankBytes: usize = p.rank << 2;
  const last = rankBytes - 4;
  const dims: usize = p.viewsPtr;
  const aStrides = dims + rankBytes;
  const bStrides = aStrides + rankBytes;
  const counters: usize = p.countersPtr + part * p.rank * 4;
  const length = load<u32>(dims + last);
  // What commutes has the operand that may stand still always second.
  const aStep = load<u32>(aStrides + last);
  const isSwapped = op < DIV && aStep == 0;
  const isStill = isSwapped || load<u32>(bStrides + last) == 0;

  const runs = p.elems / length;
  const isSingle = runs == 1;
  const begin = isSingle ? shareStart(length, 4, part, parts) : 0;
  const run = isSingle ? shareStart(length, 4, part + 1, parts) - begin : length;
  const first = isSingle ? 0 : shareStart(runs, 1, part, parts);
  let left = isSingle ? u32(run > 0) : shareStart(runs, 1, part + 1, parts) - first;
  let a: usize = p.aPtr + ((begin * load<u32>(aStrides + last)) << 2);
  let b: usize = p.bPtr + ((begin * load<u32>(bStrides + last)) << 2);
  let to: usize = p.outputPtr + ((first * length + begin) << 2);
  for (let axis = last, rest = first; axis; ) {
    axis -= 4;
    const dim = load<u32>(dims + axis);
    const counter = rest % dim;
    rest /= dim;
    store<u32>(counters + axis, counter);
    a += (counter * load<u32>(aStrides + axis)) << 2;
    b += (counter * load<u32>(bStrides + axis)) << 2;
  }
  for (; left; left--) {
    combineRun(isSwapped ? b : a, isSwapped ? a : b, isStill, to, run, op, (aStep as usize) << 2);
    to += (run as usize) << 2;
    for (let axis = last; axis; ) {
      axis -= 4;
      const aBytes: usize = load<u32>(aStrides + axis) << 2;
      const bBytes: usize = load<u32>(bStrides + axis) << 2;
      const dim: usize = load<u32>(dims + axis);
      const counter: usize = load<u32>(counters + axis) + 1;
      a += aBytes;
      b += bBytes;
      store<u32>(counters + axis, counter < dim ? (counter as u32) : 0);
      if (counter < dim) break;
      a -= dim * aBytes;
      b -= dim * bBytes;
    }
  }
}

// @ts-ignore: decorator
@inline
function combineRun(a: usize, b: usize, isStill: bool, to: usize, run: u32, op: i32, aStep: usize): void {
  const end = to + ((run as usize) << 2);
  if (ASC_FEATURE_SIMD && op < DIV) {
    if (isStill) {
      const y = v128.load32_splat(b);
      for (; to + 16 <= end; to += 16, a += 16) {
        const x = v128.load(a);
        v128.store(to, op == MUL ? f32x4.mul(x, y) : op == MAX ? f32x4.max(x, y) : f32x4.add(x, y));
      }
    } else {
      for (; to + 16 <= end; to += 16, a += 16, b += 16) {
        const x = v128.load(a);
        const y = v128.load(b);
        v128.store(to, op == MUL ? f32x4.mul(x, y) : op == MAX ? f32x4.max(x, y) : f32x4.add(x, y));
      }
    }
  }
  const bStep: usize = isStill ? 0 : 4;
  for (; to < end; to += 4, a += op < DIV ? 4 : aStep, b += bStep) {
    const x = load<f32>(a);
    const y = load<f32>(b);
    store<f32>(to, apply(op, x, y));
  }
}

// @ts-ignore: decorator
@inline
function apply(op: i32, x: f32, y: f32): f32 {
  if (op == ADD) return x + y;
  if (op == MUL) return x * y;
  if (op == MAX) return max<f32>(x, y);
  return op == DIV ? x / y : Mathf.pow(x, y);
}
