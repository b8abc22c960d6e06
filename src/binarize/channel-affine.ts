// Per-channel scale and bias, composed in double and stored as f32. Refuses to store what f32 cannot hold: a scale
// that overflows or underflows would change signs further on (batch-norm scales of 1e-36 do occur).

/** Smallest normal float32. */
const SMALLEST_NORMAL = 2 ** -126;

/** Round to f32; undefined when a value overflows, is not finite, or loses its digits below the normal range. */
export function toFloats(values: ArrayLike<number>): Float32Array | undefined {
  const floats = new Float32Array(values.length);
  for (let i = 0; i < floats.length; i++) {
    const value = values[i] as number;
    const rounded = Math.fround(value);
    if (!Number.isFinite(rounded) || (value !== 0 && Math.abs(rounded) < SMALLEST_NORMAL)) return undefined;
    floats[i] = rounded;
  }
  return floats;
}

/** Bias values may vanish below the normal range; an error of 1e-38 in a sum is none. */
export function toBiases(values: readonly number[]): Float32Array | undefined {
  const floats = Float32Array.from(values);
  return floats.every(Number.isFinite) ? floats : undefined;
}

/** Multiply channel by channel; a missing left side counts as `otherwise`. */
export function multiply(left: ArrayLike<number> | undefined, right: ArrayLike<number>, otherwise = 0): number[] {
  return Array.from(right, (value, channel) => (left === undefined ? otherwise : (left[channel] ?? otherwise)) * value);
}

/** Add channel by channel. */
export function add(left: ArrayLike<number>, right: ArrayLike<number>): number[] {
  return Array.from(right, (value, channel) => (left[channel] ?? 0) + value);
}

export function isAll(values: ArrayLike<number>, value: number): boolean {
  return Array.from(values).every((other) => other === value);
}
