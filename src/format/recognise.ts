// Names what a file that is not a model probably is, so that the error can say what to do.

/** First bytes as Latin-1 text, from the given offset, and what they belong to. */
const SIGNATURES: readonly (readonly [offset: number, start: string, is: string])[] = [
  [0, "\x1f\x8b", "it is gzip data; unpack it, or serve it with Content-Encoding: gzip"],
  [0, "PK", "it is a zip archive or PyTorch file; export the model to ONNX, then: hybit convert model.onnx -o model.hybit"],
  [0, "\x89PNG", "it is a PNG picture; give the model first, pictures after it"],
  [0, "\xff\xd8\xff", "it is a JPEG picture; give the model first, pictures after it"],
  [4, "TFL3", "it is a TensorFlow Lite model; export the model to ONNX, then: hybit convert model.onnx -o model.hybit"],
  [0, "version https://git-lfs", "it is a Git LFS pointer; fetch the file itself: git lfs pull"],
  [0, "\0asm", "it is a WebAssembly module"],
];

/** Say what `bytes`, the first of a file, look like. */
export function recognise(bytes: Uint8Array): string {
  if (bytes.length === 0) return "it is empty; check the path, or that the source has not been read before";
  const text = String.fromCharCode(...bytes.subarray(0, 256));
  const known = SIGNATURES.find(([offset, start]) => text.startsWith(start, offset));
  if (known) return known[2];
  if (/^\s*(<!|<\w)/.test(text)) return "it is an HTML or XML page; check the address, servers answer with a page when they lack the file";
  // ModelProto: field 1 (ir_version), a small number, then another field with a length or a number.
  if (bytes[0] === 8 && (bytes[1] as number) < 32 && (bytes[2] as number) >= 16 && (bytes[2] as number) < 128) {
    return "it looks like an ONNX model; convert it first: hybit convert model.onnx -o model.hybit";
  }
  if (/^[\s\x20-\x7e\x80-\xff]*$/.test(text)) return `it is text that begins with ${JSON.stringify(text.slice(0, 20))}`;
  return `it begins with bytes ${[...bytes.subarray(0, 4)].join(" ")} instead of HYBT`;
}
