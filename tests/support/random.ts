// Seeded random numbers: a failure that prints its seed can be replayed.
import { Random as Bits } from "../../src/zoo/random.ts";

export class Random extends Bits {
  /** A whole number in [low, high]. */
  int(low: number, high: number): number {
    return Math.floor(this.float(low, high + 1));
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.int(0, choices.length - 1)] as T;
  }

  floats(count: number, low = -1, high = 1): Float32Array {
    return Float32Array.from({ length: count }, () => this.float(low, high));
  }

  /** Rows of packed bits, each padded to whole words with zeros. */
  words(rows: number, bitsPerRow: number): Uint32Array {
    const words = Math.ceil(bitsPerRow / 32);
    return Uint32Array.from({ length: rows * words }, (_, i) => {
      const used = Math.min(32, bitsPerRow - (i % words) * 32);
      return used === 32 ? this.bits() : (this.bits() & (2 ** used - 1)) >>> 0;
    });
  }
}
