// The best classes of a score vector.

export interface Ranked {
  index: number;
  label: string;
  score: number;
}

/** Rank the `k` highest of `scores` (one image), best first; ties go to the lower index. */
export function topK(scores: ArrayLike<number>, k = 5, labels: readonly string[] = []): Ranked[] {
  return Array.from(scores, (score, index) => ({ index, label: labels[index] ?? String(index), score }))
    .sort((a, b) => b.score - a.score || a.index - b.index)
    .slice(0, k);
}

/** Turn scores into probabilities; scores that already are some (all in 0..1, sum 1) stay as they are. */
export function toProbabilities(scores: ArrayLike<number>): Float32Array {
  const numbers = Float32Array.from(scores);
  const sum = numbers.reduce((a, b) => a + b, 0);
  if (Math.abs(sum - 1) < 1e-3 && numbers.every((number) => number >= 0)) return numbers;
  const most = Math.max(...numbers);
  const powers = numbers.map((number) => Math.exp(number - most));
  const total = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / total);
}
