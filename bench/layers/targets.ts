// Targets for single layers, and the peers' forms they are measured against.
import type { Target } from "../report/targets.ts";
import type { Kind } from "./hybit.ts";
import type { LayerShape } from "./shapes.ts";

export interface LayerTarget extends Target {
  kind: Kind;
  isShape: (shape: LayerShape) => boolean;
  /** Which contestants count; the fastest of them is the one to beat. */
  isRival: (name: string) => boolean;
}

const isStride1 = ({ group }: LayerShape) => group === "3x3";
const named =
  (...names: string[]) =>
  (name: string) =>
    names.includes(name);

const NODE_F32 = named("onnxruntime-node f32 Conv", "onnxruntime-node f32 MatMul");
/** From activations to activations. The bare matrix product, MatMulInteger, may use the processor's matrix unit and is shown beside it. */
const NODE_INT8 = named("onnxruntime-node int8 QLinearConv");
const WEB_F32 = named("onnxruntime-web f32 Conv", "onnxruntime-web f32 MatMul");
const WEB_INT8 = named("onnxruntime-web int8 QLinearConv", "onnxruntime-web int8 MatMulInteger");

export const LAYER_TARGETS: readonly LayerTarget[] = [
  { work: "3x3 FBin", kind: "FBin", isShape: isStride1, against: "onnxruntime-node f32", isRival: NODE_F32, atLeast: 4, aim: 5 },
  { work: "3x3 FBin", kind: "FBin", isShape: isStride1, against: "onnxruntime-node int8", isRival: NODE_INT8, atLeast: 1, aim: 1.3 },
  { work: "3x3 FBin", kind: "FBin", isShape: isStride1, against: "onnxruntime-web f32", isRival: WEB_F32, atLeast: 28, aim: 35 },
  { work: "3x3 FBin", kind: "FBin", isShape: isStride1, against: "onnxruntime-web int8, best form", isRival: WEB_INT8, atLeast: 9, aim: 11 },
  {
    work: "3x3 FBin, stride 2",
    kind: "FBin",
    isShape: ({ group }) => group === "3x3, stride 2",
    against: "onnxruntime-node f32",
    isRival: NODE_F32,
    atLeast: 3.5,
    aim: 4.5,
  },
  { work: "3x3 WBin, float inputs", kind: "WBin", isShape: isStride1, against: "onnxruntime-web f32", isRival: WEB_F32, atLeast: 4.5, aim: 6 },
  {
    work: "3x3 WBin, int8 inputs",
    kind: "WBin int8",
    isShape: isStride1,
    against: "onnxruntime-web int8, best form",
    isRival: WEB_INT8,
    atLeast: 2.5,
    aim: 4,
  },
  {
    work: "3x3 FBin two-level",
    kind: "FBin two-level",
    isShape: isStride1,
    against: "hybit FBin, slower by",
    isRival: named("hybit FBin"),
    atLeast: 0.05,
    aim: 0.02,
    unit: "slower",
  },
  {
    work: "dense 4096x4096 FBin",
    kind: "FBin",
    isShape: ({ name }) => name === "4096 to 4096",
    against: "onnxruntime-node f32",
    isRival: NODE_F32,
    atLeast: 15,
    aim: 25,
  },
  { work: "3x3 FPrec", kind: "FPrec", isShape: isStride1, against: "onnxruntime-web f32", isRival: WEB_F32, atLeast: 1.5, aim: 1.9 },
];
