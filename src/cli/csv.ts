// Pictures as rows of numbers, as MNIST is often passed round: the class, then one pixel of 0 to 255 after the other. A first line of names is passed over.
import { Failure } from "./failure.ts";

export interface CsvRow {
  label: number;
  pixels: Uint8Array;
}

/** Read all rows. Throws Failure for one that is not like the first. */
export function readCsv(bytes: Uint8Array): CsvRow[] {
  const lines = new TextDecoder()
    .decode(bytes)
    .split(/\r?\n/)
    .map((line, index) => ({ line, number: index + 1 }))
    .filter(({ line }) => line.trim() !== "");
  const hasHead = lines[0] !== undefined && Number.isNaN(Number(lines[0].line.split(",")[0]));
  const rows = hasHead ? lines.slice(1) : lines;
  const [first] = rows;
  const columns = first?.line.split(",").length ?? 0;
  if (columns < 2) throw new Failure("it is no file that is known: not CSV with a class and pixels, no idx, .npy, or stroke file");
  return rows.map(({ line, number }) => {
    const numbers = line.split(",").map((text) => (text.trim() === "" ? Number.NaN : Number(text)));
    if (numbers.length !== columns) throw new Failure(`line ${number} has ${numbers.length} columns, the first row ${columns}`);
    const wrong = numbers.findIndex((value, column) => !Number.isInteger(value) || value < 0 || (column > 0 && value > 255));
    if (wrong >= 0)
      throw new Failure(`line ${number}, column ${wrong + 1} is "${line.split(",")[wrong]}"; a class and pixels of 0 to 255 are needed`);
    return { label: numbers[0] as number, pixels: Uint8Array.from(numbers.slice(1)) };
  });
}
