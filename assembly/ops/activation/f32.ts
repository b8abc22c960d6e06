// Element-wise activations. One kernel for all kinds: the kind is tested once, outside the loops.
import { shareStart } from "../../share";
import { ActivationParams } from "./params";

// Values of ActivationKind in schema/hybit.fbs.
const RELU: u32 = 0;
const CLIP: u32 = 1;
const LEAKY_RELU: u32 = 2;
const SIGMOID: u32 = 3;
const TANH: u32 = 4;
const HARD_SIGMOID: u32 = 5;
const HARD_SWISH: u32 = 6;
const EXP: u32 = 7;
const LOG: u32 = 8;
const SQRT: u32 = 9;
const ERF: u32 = 10;
const FLOOR: u32 = 11;

// 2 / sqrt(pi)
const ERF_SLOPE: f64 = 1.1283791670955126;

/**
 * Computes   y[i] = f(x[i]), f by kind: relu max(x, 0); clip min(max(x, alpha), beta); leaky relu x < 0 ? alpha x : x;
 *            sigmoid 1 / (1 + e^-x); tanh; hard sigmoid clip(alpha x + beta, 0, 1); hard swish x clip(x/6 + 1/2, 0, 1); e^x; natural log; square root; erf; floor.
 * Operands   input, output: f32, any shape, `elems` elements; may be the same memory.
 * Tile       one v128 in the SIMD build for the piecewise linear kinds, square root and floor; the tail and the others are scalar.
 * Requires   nothing of alignment.
 * Bounds     no accumulator; sigmoid and tanh saturate for large |x| instead of overflowing; erf is within 2e-7.
 * See        ONNX operators Relu, Clip, LeakyRelu, Sigmoid, Tanh, HardSigmoid, HardSwish, Exp, Log, Sqrt, Erf, Floor.
 */
export function activation_f32(params: usize, part: u32, parts: u32): void {
  const p = changetype<ActivationParams>(params);
  const kind = p.kind;
  const first = shareStart(p.elems, 4, part, parts);
  let from: usize = p.inputPtr + (first << 2);
  let to: usize = p.outputPtr + (first << 2);
  const end: usize = p.inputPtr + (shareStart(p.elems, 4, part + 1, parts) << 2);

  if (ASC_FEATURE_SIMD) {
    if (kind <= LEAKY_RELU || kind == HARD_SIGMOID || kind == HARD_SWISH || kind == SQRT || kind == FLOOR) {
      const alpha = f32x4.splat(p.alpha);
      const beta = f32x4.splat(p.beta);
      for (const vectorEnd = end - (((end - from) & 15)); from < vectorEnd; from += 16, to += 16) {
        v128.store(to, applyVector(kind, v128.load(from), alpha, beta));
      }
    }
  }
  for (; from < end; from += 4, to += 4) {
    store<f32>(to, apply(kind, load<f32>(from), p.alpha, p.beta));
  }
}

function apply(kind: u32, x: f32, alpha: f32, beta: f32): f32 {
  switch (kind) {
    case RELU: return max<f32>(x, 0);
    case CLIP: return min<f32>(max<f32>(x, alpha), beta);
    case LEAKY_RELU: return x < 0 ? alpha * x : x;
    case SIGMOID: return 1 / (1 + Mathf.exp(-x));
    case TANH: return Mathf.tanh(x);
    case HARD_SIGMOID: return min<f32>(max<f32>(alpha * x + beta, 0), 1);
    case HARD_SWISH: return x * min<f32>(max<f32>(x * (1.0 / 6.0) + 0.5, 0), 1);
    case EXP: return Mathf.exp(x);
    case LOG: return Mathf.log(x);
    case SQRT: return sqrt<f32>(x);
    case ERF: return erf(x);
    default: return floor<f32>(x);
  }
}

/** Taylor's series near 0; elsewhere formula 7.1.26 of Abramowitz and Stegun, within 1.5e-7. */
function erf(value: f32): f32 {
  const x = abs<f64>(value);
  const square = x * x;
  if (x < 0.5) {
    const series = 1 - square * (1.0 / 3 - square * (1.0 / 10 - square * (1.0 / 42 - square * (1.0 / 216 - square / 1320))));
    return (value * ERF_SLOPE * series) as f32;
  }
  const t = 1 / (1 + 0.3275911 * x);
  const tail = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429)))) * (Mathf.exp(-(square as f32)) as f64);
  return copysign<f32>((1 - tail) as f32, value);
}

// @ts-ignore: decorator
@inline
function applyVector(kind: u32, x: v128, alpha: v128, beta: v128): v128 {
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  switch (kind) {
    case RELU: return f32x4.max(x, zero);
    case CLIP: return f32x4.min(f32x4.max(x, alpha), beta);
    case LEAKY_RELU: return v128.bitselect(f32x4.mul(x, alpha), x, f32x4.lt(x, zero));
    case HARD_SIGMOID: return f32x4.min(f32x4.max(f32x4.add(f32x4.mul(x, alpha), beta), zero), one);
    case SQRT: return f32x4.sqrt(x);
    case FLOOR: return f32x4.floor(x);
    default: {
      const gate = f32x4.add(f32x4.mul(x, f32x4.splat(1.0 / 6.0)), f32x4.splat(0.5));
      return f32x4.mul(x, f32x4.min(f32x4.max(gate, zero), one));
    }
  }
}
