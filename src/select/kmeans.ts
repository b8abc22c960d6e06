// K-means in one dimension. There the clusters of an optimum are runs of the sorted values, so it is found by dynamic programming
// (Wang and Song, "Ckmeans.1d.dp", The R Journal 3/2, 2011), and no start has to be drawn.

/** Assign every value to one of `clusters` clusters, or of as many as there are different values; cluster 0 has the lowest. Squares are minimal. */
export function kmeans1d(values: readonly number[], clusters: number): number[] {
  const sorted = [...new Set(values)].sort((a, b) => a - b);
  const count = sorted.length;
  const cost = costOfRuns(
    sorted,
    sorted.map((value) => values.filter((other) => other === value).length),
  );
  // least[end]: cost of the values before `end` in k clusters, none empty; starts: where the last of these begins.
  let least = Array.from({ length: count + 1 }, (_, end) => (end === 0 ? 0 : cost(0, end)));
  const starts: number[][] = [];
  for (let k = 1; k < Math.min(clusters, count); k++) {
    const next = new Array<number>(count + 1).fill(Number.POSITIVE_INFINITY);
    const start = new Array<number>(count + 1).fill(0);
    for (let end = k + 1; end <= count; end++) {
      for (let from = k; from < end; from++) {
        const total = (least[from] as number) + cost(from, end);
        if (total < (next[end] as number)) [next[end], start[end]] = [total, from];
      }
    }
    least = next;
    starts.push(start);
  }

  const clusterOf = new Map<number, number>();
  let end = count;
  for (let k = starts.length; k >= 0; k--) {
    const from = k === 0 ? 0 : ((starts[k - 1] as number[])[end] as number);
    for (const value of sorted.slice(from, end)) clusterOf.set(value, k);
    end = from;
  }
  return values.map((value) => clusterOf.get(value) as number);
}

/** Sum of squared distances of the sorted values [from, end) to their mean, each counted `weights` times. */
function costOfRuns(sorted: readonly number[], weights: readonly number[]): (from: number, end: number) => number {
  // Around the middle, so that squares lose nothing to a large common part.
  const middle = sorted[sorted.length >> 1] ?? 0;
  const sums: [number, number, number][] = [[0, 0, 0]];
  sorted.forEach((value, i) => {
    const [n, sum, squares] = sums[i] as [number, number, number];
    const weight = weights[i] as number;
    sums.push([n + weight, sum + weight * (value - middle), squares + weight * (value - middle) ** 2]);
  });
  return (from, end) => {
    const [n0, sum0, squares0] = sums[from] as [number, number, number];
    const [n1, sum1, squares1] = sums[end] as [number, number, number];
    return Math.max(0, squares1 - squares0 - (sum1 - sum0) ** 2 / (n1 - n0));
  };
}
