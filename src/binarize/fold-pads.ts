// Moves pad nodes into the windows of the convolutions that read them. What a padded position means is kept:
//   zeros, before or after a sign   a real 0: pad value Zero, also on bits (docs/binary-math.md, section 3)
//   +1 or -1 on bits                pad value PlusOne or MinusOne; binary inputs only, real inputs pad with 0
// Runs before inputs are known to be binary (a zero pad would force floats there) and again after signs have moved.
import type { Window } from "../graph/attributes.ts";
import type { NodeOf, Numbers } from "../graph/graph.ts";
import type { Draft } from "./draft.ts";

export function foldPads(draft: Draft): void {
  for (const pad of draft.nodes.filter((node) => node.op === "pad")) {
    if (pad.op !== "pad" || !isSpatial(pad)) continue;
    for (const conv of draft.consumersOf(draft.outputOf(pad))) {
      if (conv.op === "conv2d" && draft.inputOf(conv) === draft.outputOf(pad)) foldInto(draft, pad, conv);
    }
  }
}

function isSpatial({ attrs }: NodeOf<"pad", Numbers>): boolean {
  return attrs.before.length === 4 && [...attrs.before.slice(0, 2), ...attrs.after.slice(0, 2)].every((count) => count === 0);
}

function foldInto(draft: Draft, pad: NodeOf<"pad", Numbers>, conv: NodeOf<"conv2d", Numbers>): void {
  const { window, inputKind, padValue } = conv.attrs;
  const value = ([-1, 0, 1] as const).find((known) => known === pad.attrs.value);
  const isPadded = [window.padTop, window.padLeft, window.padBottom, window.padRight].some((count) => count > 0);
  if (value === undefined || (inputKind !== "binary" && value !== 0) || (isPadded && padValue !== value)) return;
  conv.attrs = { ...conv.attrs, padValue: value, window: widen(window, pad.attrs) };
  conv.inputs = [draft.inputOf(pad), ...conv.inputs.slice(1)];
}

function widen(window: Window, { before, after }: { before: number[]; after: number[] }): Window {
  return {
    ...window,
    padTop: window.padTop + (before[2] ?? 0),
    padLeft: window.padLeft + (before[3] ?? 0),
    padBottom: window.padBottom + (after[2] ?? 0),
    padRight: window.padRight + (after[3] ?? 0),
  };
}
