// A manifest, one JSON object a line, cut into parts: byte ranges of whole lines. A message of the queue says only where its part
// lies, so that a message is small whatever the lines hold.

export interface Span {
  part: number;
  /** Number of its first line, from 1. */
  line: number;
  lines: number;
  offset: number;
  length: number;
}

export interface Part extends Span {
  job: string;
  manifest: string;
  etag: string;
}

const PART_LINES = 50;
/** A consumer reads a part at once. */
const PART_BYTES = 2 ** 20;
const NEWLINE = 10;

/** Read the manifest once, as a stream. */
export async function splitLines(stream: ReadableStream<Uint8Array>): Promise<Span[]> {
  const spans: Span[] = [];
  let [line, offset, lines, at] = [1, 0, 0, 0];
  const close = () => {
    spans.push({ part: spans.length, line, lines, offset, length: at - offset });
    [line, offset, lines] = [line + lines, at, 0];
  };
  const reader = stream.getReader();
  let last = NEWLINE;
  for (let next = await reader.read(); next.value !== undefined; next = await reader.read()) {
    const start = at;
    for (let i = next.value.indexOf(NEWLINE); i !== -1; i = next.value.indexOf(NEWLINE, i + 1)) {
      at = start + i + 1;
      lines++;
      if (lines === PART_LINES || at - offset >= PART_BYTES) close();
    }
    at = start + next.value.length;
    last = next.value.at(-1) ?? last;
  }
  if (last !== NEWLINE) lines++;
  if (lines > 0) close();
  return spans;
}
