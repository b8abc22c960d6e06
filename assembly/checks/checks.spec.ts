import { crc32 } from "./crc32";
import { count_finite } from "./finite";

/** A byte, and a bit, at a time. */
function plainSum(bytes: StaticArray<u8>, count: i32): u32 {
  let crc: u32 = 0xffffffff;
  for (let i = 0; i < count; i++) {
    crc ^= bytes[i];
    for (let bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc;
}

function randomBytes(count: i32): StaticArray<u8> {
  const bytes = new StaticArray<u8>(count);
  let state: u32 = 1;
  for (let i = 0; i < count; i++) {
    state = state * 1664525 + 1013904223;
    bytes[i] = (state >> 24) as u8;
  }
  return bytes;
}

describe("crc32", () => {
  it("gives the check value of the CRC catalogue", () => {
    const bytes: StaticArray<u8> = [49, 50, 51, 52, 53, 54, 55, 56, 57];
    expect(crc32(changetype<usize>(bytes), 9, 0)).toBe(0xcbf43926);
  });

  it("agrees with the plain sum from no bytes to several runs, also from odd addresses and in two parts", () => {
    const bytes = randomBytes(16000);
    const from = changetype<usize>(bytes);
    // Runs of 4096, of which the last leaves at least 3006.
    const counts: StaticArray<i32> = [0, 1, 3, 4, 15, 3005, 3006, 3007, 4096, 7101, 7102, 7103, 11197, 11198, 11199, 16000];
    for (let i = 0; i < counts.length; i++) {
      const count = counts[i];
      const wanted = plainSum(bytes, count);
      expect(crc32(from, count, 0)).toBe(wanted, `${count} bytes`);
      const cut = count / 3;
      expect(crc32(from + cut, count - cut, crc32(from, cut, 0))).toBe(wanted, `${count} bytes, cut at ${cut}`);
    }
  });
});

describe("count_finite", () => {
  it("counts up to the first number that is not finite, wherever it stands", () => {
    const numbers = new StaticArray<f32>(41);
    numbers.fill(f32.MAX_VALUE);
    for (let count = 0; count <= 41; count++) {
      expect(count_finite(changetype<usize>(numbers), count)).toBe(count);
      for (let i = 0; i < count; i++) {
        for (let kind = 0; kind < 3; kind++) {
          numbers[i] = kind == 0 ? f32.NaN : kind == 1 ? f32.POSITIVE_INFINITY : f32.NEGATIVE_INFINITY;
          expect(count_finite(changetype<usize>(numbers), count)).toBe(i);
        }
        numbers[i] = -f32.MAX_VALUE;
      }
    }
  });
});
