// A request's body, of which no more is read than allowed.
import { Refusal } from "./refusal.ts";

/** Read up to `maxBytes`; more is refused, as soon as the header says so or the bytes arrive. */
export async function readBody(request: Request, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const tooLarge = new Refusal(413, "body-too-large", `The body is larger than ${maxBytes / 1024} KiB; send a smaller picture.`);
  if (Number(request.headers.get("content-length") ?? 0) > maxBytes) throw tooLarge;
  const parts: Uint8Array[] = [];
  let bytes = 0;
  const reader = request.body?.getReader();
  for (let next = await reader?.read(); next?.value !== undefined; next = await reader?.read()) {
    bytes += next.value.length;
    if (bytes > maxBytes) throw tooLarge;
    parts.push(next.value);
  }
  const body = new Uint8Array(bytes);
  let at = 0;
  for (const part of parts) {
    body.set(part, at);
    at += part.length;
  }
  return body;
}
