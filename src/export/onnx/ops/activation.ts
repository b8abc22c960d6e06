import { scalar } from "../constants.ts";
import type { Exporter } from "../draft.ts";

export const activation: Exporter<"activation"> = ({ kind, alpha, beta }, place) => {
  switch (kind) {
    case "relu":
      return place.add("Relu", place.inputs);
    case "clip":
      return place.add("Clip", [place.inputs[0], scalar(place, "low", alpha), scalar(place, "high", beta)]);
    case "leaky-relu":
      return place.add("LeakyRelu", place.inputs, { alpha: { float: alpha } });
    case "sigmoid":
      return place.add("Sigmoid", place.inputs);
    case "tanh":
      return place.add("Tanh", place.inputs);
    case "hard-sigmoid":
      return place.add("HardSigmoid", place.inputs, { alpha: { float: alpha }, beta: { float: beta } });
    case "hard-swish":
      return place.add("HardSwish", place.inputs);
    case "exp":
      return place.add("Exp", place.inputs);
    case "log":
      return place.add("Log", place.inputs);
    case "sqrt":
      return place.add("Sqrt", place.inputs);
    case "erf":
      return place.add("Erf", place.inputs);
    case "floor":
      return place.add("Floor", place.inputs);
  }
};
