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
  const words = new Int32Array(weights.buffer, weights.byteOffset, weights.byteLength / 4);
  const tapWords = words.length / (filters * kernelH * kernelW);
  let word = 0;
  for (let tap = 0; word < words.length; tap++) {
    const line = Math.floor(tap / kernelW);
    const at = (line % kernelH) * row + (tap % kernelW) * column + Math.floor(line / kernelH);
    let ones = (counts[at + column] as number) + (counts[at + row] as number) - (counts[at] as number);
    for (const end = word + tapWords; word < end; word++) {
      for (let bits = words[word] as number; bits !== 0; bits &= bits - 1) ones++;
    }
    counts[at + row + column] = ones;
  }
  return counts;
}
