// Conv. A border of +1 or -1 is a Pad before it; the scale per pixel multiplies before the bias.
import type { Conv2dAttrs } from "../../../graph/attributes.ts";
import type { Numbers } from "../../../graph/graph.ts";
import { filterShape } from "../../../ops/layer-kind.ts";
import { integers, perChannel, scalar } from "../constants.ts";
import type { Exporter, Place } from "../draft.ts";
import { addInput, biasOf, finishLayer, openWeights } from "../layer.ts";
import { hasPads, spellWindow } from "../window.ts";

export const conv2d: Exporter<"conv2d"> = (attrs, place) => {
  const { window, groups, padValue } = attrs;
  const needsPad = padValue !== 0 && hasPads(window);
  const x = needsPad ? addPad(place, attrs) : addInput(place, attrs);
  const scale = place.inputs.length > (attrs.epilogue?.hasResidual ? 2 : 1) ? place.inputs[1] : undefined;
  const operands = [x, addFilters(place, attrs), ...(scale === undefined ? biasOf(place, attrs) : [])];
  let y = place.add("Conv", operands, { ...spellWindow(window, !needsPad), ...(groups > 1 && { group: groups }) });
  if (scale !== undefined) {
    y = place.add("Mul", [y, scale]);
    if (attrs.weights.bias) y = place.add("Add", [y, perChannel(place, "bias", attrs.weights.bias)]);
  }
  return finishLayer(place, attrs, y, 4);
};

function addPad(place: Place, { window, padValue }: Conv2dAttrs<Numbers>): string {
  const pads = integers(place, "pads", [0, 0, window.padTop, window.padLeft, 0, 0, window.padBottom, window.padRight]);
  return place.add("Pad", [place.inputs[0], pads, scalar(place, "pad_value", padValue)]);
}

/** OHWI becomes OIHW. */
function addFilters(place: Place, attrs: Conv2dAttrs<Numbers>): string {
  const { filters, taps, channels } = filterShape(attrs);
  const stored = openWeights(attrs, filters, taps, channels);
  const data = new Float32Array(stored.length);
  let at = 0;
  for (let o = 0; o < filters; o++) {
    for (let i = 0; i < channels; i++) {
      for (let tap = 0; tap < taps; tap++) data[at++] = stored[(o * taps + tap) * channels + i] as number;
    }
  }
  return place.constant("weights", [filters, channels, attrs.window.kernelH, attrs.window.kernelW], data);
}
