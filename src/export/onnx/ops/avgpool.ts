import type { Exporter } from "../draft.ts";
import { spellWindow } from "../window.ts";

export const avgpool: Exporter<"avgpool"> = ({ window, ceilMode, countIncludePad }, place) =>
  place.add("AveragePool", place.inputs, { ...spellWindow(window), ceil_mode: Number(ceilMode), count_include_pad: Number(countIncludePad) });
