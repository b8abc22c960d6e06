import assert from "node:assert/strict";
import { test } from "node:test";
import { LoadError } from "../graph/errors.ts";
import { layOut, parseHeader, seal } from "./header.ts";

const ascii = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

function makeFile(): Uint8Array {
  const { file } = layOut(Uint8Array.of(1, 2, 3, 4, 5), 32);
  seal(file);
  return file;
}

function edited(edit: (view: DataView) => void): Uint8Array {
  const file = makeFile();
  edit(new DataView(file.buffer));
  seal(file);
  return file;
}

test("a header says what was laid out", () => {
  const file = makeFile();
  assert.equal(file.length, 112);
  const { checksum, ...sizes } = parseHeader(file);
  assert.deepEqual(sizes, { totalBytes: 112, graphBytes: 5, dataOffset: 80, dataBytes: 32 });
  assert.notEqual(checksum, 0);
});

test("what is not a header is refused with a code and a sentence that helps", () => {
  const cases: [what: string, bytes: Uint8Array, code: string, sentence: RegExp][] = [
    ["empty", new Uint8Array(0), "not-a-model", /it is empty/],
    ["ONNX of PyTorch", ascii("\x08\x08\x12\x07pytorch\x1a\x052.1.0:\x80\x01"), "not-a-model", /ONNX model; convert it first: hybit convert/],
    ["ONNX without producer", ascii("\x08\x0a:\xb4\x01\n"), "not-a-model", /ONNX model; convert it first: hybit convert/],
    ["zip", ascii("PK\x03\x04\x14"), "not-a-model", /PyTorch file; export it to ONNX/],
    ["PNG", ascii("\x89PNG\r\n\x1a\n"), "not-a-model", /begins with "\x89PNG/],
    ["HTML", ascii("<!doctype html><html>"), "not-a-model", /HTML/],
    ["LFS pointer", ascii("version https://git-lfs.github.com/spec/v1\n"), "not-a-model", /begins with "version https:/],
    ["text", ascii("hello, world\n"), "not-a-model", /begins with "hello, world/],
    ["UTF-8 text", new TextEncoder().encode("Grüße ☺"), "not-a-model", /begins with "Gr/],
    ["zeros", new Uint8Array(100), "not-a-model", /instead of "HYBT"/],
    ["a piece of the magic", ascii("HY"), "truncated", /ends after 2 of 64 bytes/],
    ["a piece of a header", makeFile().subarray(0, 63), "truncated", /ends after 63 of 64 bytes/],
    ["a changed byte", makeFile().with(9, 7), "checksum", /damaged/],
    ["a newer version", edited((view) => view.setUint16(4, 2, true)), "version", /version 2 .* newer hybit/],
    ["version 0", edited((view) => view.setUint16(4, 0, true)), "invalid", /contradicts/],
    ["another header size", edited((view) => view.setUint16(6, 128, true)), "invalid", /contradicts/],
    ["another length", edited((view) => view.setUint32(8, 113, true)), "invalid", /contradicts/],
    ["a data section elsewhere", edited((view) => view.setUint32(24, 96, true)), "invalid", /contradicts/],
    ["reserved bytes in use", edited((view) => view.setUint8(50, 1)), "invalid", /contradicts/],
    ["5 GiB of data", edited((view) => view.setUint32(36, 1, true)), "too-large", /4294967328 of data/],
    ["a graph of 1 GiB", edited((view) => view.setUint32(20, 2 ** 30, true)), "too-large", /1073741824 bytes of graph/],
  ];
  const failures = cases.flatMap(([what, bytes, code, sentence]) => {
    try {
      parseHeader(bytes);
      return `${what}: was accepted`;
    } catch (error) {
      const isRight = error instanceof LoadError && error.code === code && sentence.test(error.message);
      return isRight ? [] : `${what}: ${error}`;
    }
  });
  assert.deepEqual(failures, []);
});
