// Border correction of binary convolutions padded with 0. Padded taps are packed as bits 0, that is as +1; what
// they add to the popcount is the number of weight bits under them, and the kernel takes it away again.

/**
 * Sum weight bits over the taps above and left of (y, x): counts[y][x][o] = sum of popcount(w[o][ty][tx]) over
 * ty < y, tx < x; int32[kernelH + 1][kernelW + 1][filters]. Any rectangle of taps is then four look-ups.
 */
export function countTaps(weights: Uint8Array, filters: number, kernelH: number, kernelW: number): Int32Array {
  const column = filters;
  const row = (kernelW + 1) * filters;
  const counts = new Int32Array((kernelH + 1) * row);
  const tapBytes = weights.byteLength / (filters * kernelH * kernelW);
  for (let tap = 0; tap * tapBytes < weights.byteLength; tap++) {
    const line = Math.floor(tap / kernelW);
    const at = (line % kernelH) * row + (tap % kernelW) * column + Math.floor(line / kernelH);
    const [above, left, both] = [at + column, at + row, at].map((index) => counts[index]) as [number, number, number];
    let ones = above + left - both;
    for (let byte of weights.subarray(tap * tapBytes, (tap + 1) * tapBytes)) for (; byte > 0; byte &= byte - 1) ones++;
    counts[at + row + column] = ones;
  }
  return counts;
}
