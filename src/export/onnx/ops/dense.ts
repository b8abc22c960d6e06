// Gemm on [N,C]; MatMul and Add on more dimensions.
import type { Exporter } from "../draft.ts";
import { addInput, biasOf, finishLayer, openWeights } from "../layer.ts";

export const dense: Exporter<"dense"> = (attrs, place) => {
  const { inFeatures, outFeatures } = attrs;
  const x = addInput(place, attrs);
  const weights = openWeights(attrs, outFeatures, 1, inFeatures);
  const bias = biasOf(place, attrs);
  const rank = place.shape.length;
  if (rank === 2) {
    const sum = place.add("Gemm", [x, place.constant("weights", [outFeatures, inFeatures], weights), ...bias], { transB: 1 });
    return finishLayer(place, attrs, sum, rank);
  }
  const columns = Float32Array.from(weights, (_, at) => weights[(at % outFeatures) * inFeatures + Math.floor(at / outFeatures)] as number);
  const product = place.add("MatMul", [x, place.constant("weights", [inFeatures, outFeatures], columns)]);
  return finishLayer(place, attrs, bias.length > 0 ? place.add("Add", [product, ...bias]) : product, 2);
};
