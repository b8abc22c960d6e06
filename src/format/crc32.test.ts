import assert from "node:assert/strict";
import { test } from "node:test";
import { crc32 } from "./crc32.ts";

const ascii = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

test("known answers", () => {
  // The check value of the CRC catalogue, and zlib's crc32 of the others.
  const cases: [string, number][] = [
    ["", 0],
    ["a", 0xe8b7be43],
    ["abc", 0x352441c2],
    ["123456789", 0xcbf43926],
    ["The quick brown fox jumps over the lazy dog", 0x414fa339],
  ];
  assert.deepEqual(
    cases.map(([text]) => crc32(ascii(text))),
    cases.map(([, crc]) => crc),
  );
});

test("any cut into parts gives the same sum", () => {
  const bytes = Uint8Array.from({ length: 37 }, (_, i) => i * 73);
  const whole = crc32(bytes);
  for (let cut = 0; cut <= bytes.length; cut++) assert.equal(crc32(bytes.subarray(cut), crc32(bytes.subarray(0, cut))), whole, `cut at ${cut}`);
});
