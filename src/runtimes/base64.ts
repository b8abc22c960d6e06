// Modules as base64 text.

/** Compile a module from base64. */
export async function compileText(base64: string): Promise<WebAssembly.Module> {
  return WebAssembly.compile(decode(base64));
}

/** Newer hosts decode base64 themselves; worklets and engines' shells have not even atob. Padding decodes to zeros, which are cut off. */
function decode(base64: string): Uint8Array<ArrayBuffer> {
  type Bytes = Uint8Array<ArrayBuffer>;
  if ("fromBase64" in Uint8Array) return (Uint8Array.fromBase64 as (text: string) => Bytes)(base64);
  const values = new Uint8Array(128);
  for (let i = 0; i < ALPHABET.length; i++) values[ALPHABET.charCodeAt(i)] = i;
  const bytes = new Uint8Array((base64.length / 4) * 3);
  // One letter at a time: the quickest where nothing is optimised yet.
  for (let i = 0, at = 0, word = 0; i < base64.length; i++) {
    word = (word << 6) | (values[base64.charCodeAt(i)] as number);
    if ((i & 3) !== 3) continue;
    bytes[at++] = word >> 16;
    bytes[at++] = word >> 8;
    bytes[at++] = word;
  }
  return bytes.subarray(0, (base64.replace(/=+$/, "").length * 6) >> 3);
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
