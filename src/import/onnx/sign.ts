// Sign and what exporters put around it. ONNX's Sign gives 0 at 0; ours has to choose, and says so, unless the
// graph itself settles it, as Larq's sign(sign(x) + 0.1) does.

import { LoadError } from "../../graph/errors.ts";
import type { Context } from "./context.ts";
import { ABOVE_ZERO, binarize } from "./threshold.ts";

type Zero = "plus" | "minus" | "unsettled";

/** Binarize a value as ONNX's Sign does; returns bits, or a padded value of bits. */
export function sign(context: Context, name: string, x: number): number {
  const { draft } = context;
  const producer = draft.producer(x);
  // Sign(Clip(x)) = Sign(x) when 0 lies strictly inside.
  if (producer?.op === "activation" && producer.attrs.kind === "clip" && producer.attrs.alpha < 0 && producer.attrs.beta > 0) {
    return sign(context, name, producer.inputs[0] as number);
  }
  // Sign(0) = 0, so zeros padded before the sign stay zeros: pad after it.
  if (producer?.op === "pad" && producer.attrs.value === 0) {
    return draft.add(producer.name, "pad", producer.attrs, [sign(context, name, producer.inputs[0] as number)]);
  }
  const resigned = signOfLevels(context, name, x);
  return resigned ?? signWith(context, name, x, "unsettled");
}

/** Sign of scale * s + bias, where s is already a sign; undefined when x is no such thing. */
function signOfLevels(context: Context, name: string, x: number): number | undefined {
  const { draft } = context;
  const levels = draft.scaleShifts.get(x);
  const bits = levels ? levels.x : x;
  const source = draft.producer(bits);
  if (source?.op !== "binarize") return undefined;
  if (levels === undefined) return bits;
  const bias = levels.bias[0] as number;
  const scale = levels.scale[0] as number;
  if (levels.bias.length > 1 || levels.scale.length > 1 || scale <= Math.abs(bias)) return undefined;
  if (!draft.zeroSigns.has(bits) || bias === 0) return bits;
  return signWith(context, name, source.inputs[0] as number, bias > 0 ? "plus" : "minus");
}

function signWith(context: Context, name: string, x: number, zero: Zero): number {
  const atZero = zero === "unsettled" ? context.signZero : zero;
  if (atZero === "refuse") {
    throw new LoadError("unsupported", "Sign gives 0 at 0, which one bit cannot say; allow +1 or -1 there with the option signZero", name);
  }
  const bits = binarize(context, name, { x, thresholds: [atZero === "plus" ? 0 : ABOVE_ZERO], isNegated: false });
  if (zero === "unsettled") {
    context.draft.zeroSigns.add(bits);
    context.note(name, `ONNX's Sign gives 0 at 0; here it gives ${atZero === "plus" ? "+1" : "-1"} (rare after a batch norm, common after Relu)`);
  }
  return bits;
}
