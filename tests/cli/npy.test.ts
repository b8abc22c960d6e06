// .npy files: what NumPy writes is read, what we write NumPy reads, and everything else is refused in one sentence.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { readNpy, writeNpy } from "../../src/cli/npy.ts";

/** A file as numpy.save writes it. */
function makeFile(descr: string, shape: string, data: Uint8Array, { version = 1, isFortran = false } = {}): Uint8Array {
  const start = version === 1 ? 10 : 12;
  const text = `{'descr': ${descr}, 'fortran_order': ${isFortran ? "True" : "False"}, 'shape': ${shape}, }`;
  const headerBytes = Math.ceil((start + text.length + 1) / 64) * 64 - start;
  const file = new Uint8Array(start + headerBytes + data.length);
  file.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, version, 0]);
  const view = new DataView(file.buffer);
  if (version === 1) view.setUint16(8, headerBytes, true);
  else view.setUint32(8, headerBytes, true);
  file.set(new TextEncoder().encode(`${text.padEnd(headerBytes - 1)}\n`), start);
  file.set(data, start + headerBytes);
  return file;
}

const bytesOf = (array: ArrayBufferView) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

test("what is written is read back, whatever the shape", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 5 }), fc.integer({ min: 0, max: 99 }), (shape, seed) => {
      const count = shape.reduce((a, b) => a * b, 1);
      const data = Float32Array.from({ length: count }, (_, i) => Math.fround((i + seed) * 0.37 - 3));
      const read = readNpy(writeNpy(shape, data));
      assert.deepEqual(read.shape, shape);
      assert.deepEqual(read.data, data);
    }),
    { seed: 1 },
  );
});

test("the numbers of a written file begin at a multiple of 64", () => {
  for (const shape of [[], [3], [2, 1, 28, 28], [123456789, 0]]) {
    const file = writeNpy(shape, new Float32Array(shape.reduce((a, b) => a * b, 1)));
    assert.equal((10 + new DataView(file.buffer).getUint16(8, true)) % 64, 0);
  }
});

test("every plain number type is read, little- and big-endian, in all three versions", () => {
  const big = new DataView(new ArrayBuffer(8));
  big.setFloat32(0, 1.5);
  big.setFloat32(4, -2);
  const cases: [string, Uint8Array, number[]][] = [
    ["'<f4'", bytesOf(Float32Array.of(1.5, -2)), [1.5, -2]],
    ["'>f4'", new Uint8Array(big.buffer), [1.5, -2]],
    ["'<f8'", bytesOf(Float64Array.of(0.1, -2)), [Math.fround(0.1), -2]],
    ["'<f2'", bytesOf(Uint16Array.of(0x3e00, 0xc000)), [1.5, -2]],
    ["'|u1'", Uint8Array.of(0, 255), [0, 255]],
    ["'|b1'", Uint8Array.of(0, 1), [0, 1]],
    ["'|i1'", Uint8Array.of(1, 255), [1, -1]],
    ["'<i2'", bytesOf(Int16Array.of(300, -300)), [300, -300]],
    ["'<i4'", bytesOf(Int32Array.of(70000, -70000)), [70000, -70000]],
    ["'<i8'", bytesOf(BigInt64Array.of(5n, -6n)), [5, -6]],
    ["'<u8'", bytesOf(BigUint64Array.of(5n, 6n)), [5, 6]],
  ];
  const wrong: string[] = [];
  for (const version of [1, 2, 3]) {
    for (const [descr, data, wanted] of cases) {
      const { data: found, shape } = readNpy(makeFile(descr, "(2,)", data, { version }));
      if (found.join() !== wanted.join() || shape.join() !== "2") wrong.push(`${descr} version ${version}: ${found}`);
    }
  }
  assert.deepEqual(wrong, []);
});

test("a file that begins at an odd address is read", () => {
  const file = writeNpy([2], Float32Array.of(1, 2));
  const shifted = new Uint8Array(file.length + 1);
  shifted.set(file, 1);
  assert.deepEqual([...readNpy(shifted.subarray(1)).data], [1, 2]);
});

test("half floats: subnormal, infinite, negative zero", () => {
  const { data } = readNpy(makeFile("'<f2'", "(4,)", bytesOf(Uint16Array.of(1, 0x7c00, 0xfc00, 0x8000))));
  assert.deepEqual([...data], [2 ** -24, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0]);
});

test("what cannot be used is refused, saying what to do", () => {
  const four = bytesOf(Float32Array.of(1, 2, 3, 4));
  const cases: [string, Uint8Array, RegExp][] = [
    ["text", new TextEncoder().encode("1,2,3"), /not a \.npy file.*numpy\.save/],
    ["empty", new Uint8Array(0), /not a \.npy file/],
    ["fortran", makeFile("'<f4'", "(2, 2)", four, { isFortran: true }), /Fortran order.*ascontiguousarray/],
    ["complex", makeFile("'<c8'", "(2,)", four), /type c8.*float32/],
    ["text in it", makeFile("'<U4'", "(1,)", four), /type U4/],
    ["records", makeFile("[('a', '<f4')]", "(4,)", four), /records/],
    ["cut", makeFile("'<f4'", "(5,)", four), /promises 20 bytes.*16 follow/],
    ["too long", makeFile("'<f4'", "(3,)", four), /promises 12 bytes/],
    ["cut header", makeFile("'<f4'", "(4,)", four).subarray(0, 40), /inside its header/],
    ["version 9", makeFile("'<f4'", "(4,)", four, { version: 9 }), /version 9/],
    ["large integer", makeFile("'<i4'", "(1,)", bytesOf(Int32Array.of(2 ** 24 + 1))), /16777217.*32-bit float/],
    ["large double", makeFile("'<f8'", "(1,)", bytesOf(Float64Array.of(1e300))), /1e\+300/],
  ];
  const wrong = cases.filter(([, file, pattern]) => {
    try {
      readNpy(file);
      return true;
    } catch (error) {
      return !(error instanceof Error && error.constructor.name === "Failure" && pattern.test(error.message));
    }
  });
  assert.deepEqual(
    wrong.map(([name]) => name),
    [],
  );
});

test("a one-dimensional array in Fortran order is in C order too", () => {
  const file = makeFile("'<f4'", "(4,)", bytesOf(Float32Array.of(1, 2, 3, 4)), { isFortran: true });
  assert.deepEqual([...readNpy(file).data], [1, 2, 3, 4]);
});
