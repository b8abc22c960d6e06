// Names what a file that is not a model probably is, so that the error can say what to do.

/** First bytes in hex, and what they belong to. */
const SIGNATURES: readonly (readonly [start: RegExp, is: string])[] = [
  [/^$/, "it is empty"],
  [/^504b/, "it is a PyTorch file; export it to ONNX first"],
  [/^(20|0[9ad]|efbbbf)*3c/, "it is an HTML page; check the address"],
  // ModelProto: field 1 (ir_version), a small number, then another field with a length or a number.
  [/^08[01].[1-7]/, "it looks like an ONNX model; convert it first: hybit convert"],
];

/** Say what `bytes`, the first of a file, look like. */
export function recognise(bytes: Uint8Array): string {
  const first = [...bytes.subarray(0, 16)];
  const hex = first.map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const known = SIGNATURES.find(([start]) => start.test(hex));
  return known ? known[1] : `it begins with ${JSON.stringify(String.fromCharCode(...first))} instead of "HYBT"; pass a .hybit file`;
}
