// The walk that slice, pad, transpose and reshape share: two strided views, element by element, in runs as long
// as both innermost dimensions allow. It knows nothing of shapes or ops; src/ops/move.ts makes the views.
import { copyBit, copyBits } from "./bits";
import { MoveParams } from "./params";

/** Fill, then move 32-bit elements. */
export function moveWords(params: usize): void {
  move(changetype<MoveParams>(params), false);
}

/** Fill, then move bits. */
export function moveBits(params: usize): void {
  move(changetype<MoveParams>(params), true);
}

// @ts-ignore: decorator
@inline
function move(p: MoveParams, isBits: bool): void {
  fill(p);

  const fromDims: usize = p.viewsPtr;
  const fromBytes: usize = p.inputRank << 2;
  const toDims = fromDims + 2 * fromBytes;
  const toBytes: usize = p.outputRank << 2;
  const fromCounters: usize = p.countersPtr;
  const toCounters = fromCounters + fromBytes;
  memory.fill(fromCounters, 0, fromBytes + toBytes);

  const fromRun = load<u32>(fromDims + fromBytes - 4);
  const fromStride = load<u32>(fromDims + 2 * fromBytes - 4);
  const toRun = load<u32>(toDims + toBytes - 4);
  const toStride = load<u32>(toDims + 2 * toBytes - 4);
  let from = p.inputStart;
  let to = p.outputStart;
  let fromLeft = fromRun;
  let toLeft = toRun;
  for (let left = p.elems; ; ) {
    const run = min(fromLeft, toLeft);
    if (isBits) copyBitRun(p.inputPtr, from, fromStride, p.outputPtr, to, toStride, run);
    else copyWordRun(p.inputPtr + (from << 2), fromStride << 2, p.outputPtr + (to << 2), toStride << 2, run);
    left -= run;
    if (left == 0) return;
    from += run * fromStride;
    to += run * toStride;
    fromLeft -= run;
    toLeft -= run;
    if (fromLeft == 0) {
      from = findNextRun(fromDims, fromBytes, fromCounters, from);
      fromLeft = fromRun;
    }
    if (toLeft == 0) {
      to = findNextRun(toDims, toBytes, toCounters, to);
      toLeft = toRun;
    }
  }
}

function fill(p: MoveParams): void {
  const run: usize = p.fillRunWords << 2;
  let to: usize = p.outputPtr;
  const end = to + (p.fillWords << 2);
  while (to < end) {
    const runEnd = to + run - 4;
    for (; to < runEnd; to += 4) store<u32>(to, p.fillWord);
    store<u32>(to, p.fillTailWord);
    to += 4;
  }
}

/** From one past a run, step back to its start and on to the next one: an odometer whose digits are `counters`. */
function findNextRun(dims: usize, rankBytes: usize, counters: usize, position: u32): u32 {
  let axis = rankBytes - 4;
  position -= load<u32>(dims + axis) * load<u32>(dims + rankBytes + axis);
  while (axis) {
    axis -= 4;
    const dim = load<u32>(dims + axis);
    const stride = load<u32>(dims + rankBytes + axis);
    const counter = load<u32>(counters + axis) + 1;
    position += stride;
    if (counter < dim) {
      store<u32>(counters + axis, counter);
      return position;
    }
    store<u32>(counters + axis, 0);
    position -= dim * stride;
  }
  return position;
}

// @ts-ignore: decorator
@inline
function copyWordRun(from: usize, fromStep: usize, to: usize, toStep: usize, run: u32): void {
  if (fromStep == 4 && toStep == 4) {
    memory.copy(to, from, (run as usize) << 2);
    return;
  }
  for (; run; run--, from += fromStep, to += toStep) store<u32>(to, load<u32>(from));
}

// @ts-ignore: decorator
@inline
function copyBitRun(from: usize, fromBit: u32, fromStride: u32, to: usize, toBit: u32, toStride: u32, run: u32): void {
  if (fromStride == 1 && toStride == 1) {
    copyBits(from, fromBit, to, toBit, run);
    return;
  }
  for (; run; run--, fromBit += fromStride, toBit += toStride) copyBit(from, fromBit, to, toBit);
}
