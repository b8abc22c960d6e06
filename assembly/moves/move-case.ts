// Specs only: a parameter block for a move kernel, with its counters behind it.
import { MoveParams } from "./params";

const BLOCK_WORDS: i32 = offsetof<MoveParams>() / 4;

/** Lay out a block that reads `input` and writes `output` through `views`, starting at 0 and filling nothing. */
export function moveCase(
  input: StaticArray<u32>,
  output: StaticArray<u32>,
  views: StaticArray<u32>,
  elems: u32,
  inputRank: u32,
  outputRank: u32,
): StaticArray<u32> {
  const words = new StaticArray<u32>(BLOCK_WORDS + inputRank + outputRank);
  const p = changetype<MoveParams>(words);
  p.inputPtr = changetype<u32>(input);
  p.outputPtr = changetype<u32>(output);
  p.viewsPtr = changetype<u32>(views);
  p.countersPtr = changetype<u32>(words) + ((BLOCK_WORDS as u32) << 2);
  p.elems = elems;
  p.inputRank = inputRank;
  p.outputRank = outputRank;
  return words;
}
