// The best classes of a score vector.

/** A class with its score, as the model gives it: a logit or a probability. */
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

/** Find the index of the highest score of each image, of `classes` scores each; ties go to the lower index. */
export function listBest(scores: ArrayLike<number>, classes: number): number[] {
  return Array.from({ length: scores.length / classes }, (_, row) => {
    let best = row * classes;
    for (let i = best; i < (row + 1) * classes; i++) if ((scores[i] as number) > (scores[best] as number)) best = i;
    return best - row * classes;
  });
}
