// Border correction of binary convolutions padded with 0. Padded taps are packed as bits 0, that is as +1; what
// they add to the popcount is the number of weight bits under them, and the kernel takes it away again.

/**
 * Sum weight bits over the taps above and left of (y, x): counts[y][x][o] = sum of popcount(w[o][ty][tx]) over
 * ty < y, tx < x; int32[kernelH + 1][kernelW + 1][filters]. Any rectangle of taps is then four look-ups.
 */
export function countTaps(weights: Uint8Array, filters: number, kernelH: number, kernelW: number): Int32Array {
  const counts = new Int32Array((kernelH + 1) * (kernelW + 1) * filters);
  const at = (y: number, x: number, o: number) => (y * (kernelW + 1) + x) * filters + o;
  const tapBytes = weights.byteLength / (filters * kernelH * kernelW);
  let byte = 0;
  for (let o = 0; o < filters; o++) {
    for (let y = 0; y < kernelH; y++) {
      let row = 0;
      for (let x = 0; x < kernelW; x++) {
        for (const end = byte + tapBytes; byte < end; byte++) row += countOnes(weights[byte] as number);
        counts[at(y + 1, x + 1, o)] = (counts[at(y, x + 1, o)] as number) + row;
      }
    }
  }
  return counts;
}

function countOnes(byte: number): number {
  const pairs = byte - ((byte >> 1) & 0x55);
  const nibbles = (pairs & 0x33) + ((pairs >> 2) & 0x33);
  return (nibbles + (nibbles >> 4)) & 15;
}
