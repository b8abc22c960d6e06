// The mean magnitude under each window is a convolution of |x| with one filter of equal weights.
import type { Exporter } from "../draft.ts";
import { spellWindow } from "../window.ts";

export const xnorscale: Exporter<"xnorscale"> = ({ window }, place) => {
  const dims = [1, place.shape[1] as number, window.kernelH, window.kernelW];
  const elems = dims.reduce((product, dim) => product * dim);
  const mean = place.constant("mean", dims, new Float32Array(elems).fill(1 / elems));
  return place.add("Conv", [place.add("Abs", [place.inputs[0]]), mean], spellWindow(window));
};
