// onnxruntime in its two shapes: native (onnxruntime-node) and WebAssembly (onnxruntime-web), one thread each.
import { countDepth, type LayerShape, outSide } from "../layers/shapes.ts";
import { encodeModel, type OnnxModel, type Tensor } from "./onnx.ts";
import { importPeer, type Peer, type Runner, versionOf } from "./peer.ts";

interface Session {
  run(feeds: Record<string, unknown>): Promise<unknown>;
  release(): Promise<void>;
}

interface Runtime {
  env: { wasm: { numThreads: number; wasmBinary?: Uint8Array }; logLevel: string };
  InferenceSession: { create(file: Uint8Array, options: object): Promise<Session> };
  Tensor: new (type: string, data: ArrayLike<number>, dims: readonly number[]) => unknown;
}

/** `wasm` is onnxruntime-web's module, when it is at hand already. */
export async function openOnnxRuntime(
  name: "onnxruntime-node" | "onnxruntime-web",
  wasm?: Uint8Array,
  optimization: "all" | "disabled" = "all",
): Promise<Peer> {
  const module = await importPeer(name);
  const runtime = (module.default ?? module) as Runtime;
  runtime.env.wasm.numThreads = 1;
  if (wasm !== undefined) runtime.env.wasm.wasmBinary = wasm;
  runtime.env.logLevel = "error";
  const options = {
    executionProviders: [name === "onnxruntime-node" ? "cpu" : "wasm"],
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    graphOptimizationLevel: optimization,
    logSeverityLevel: 3,
  };
  const open = async (form: string, file: Uint8Array, input: OnnxModel["input"], numbers = fill(input.type, input.dims)): Promise<Runner> => {
    const session = await runtime.InferenceSession.create(file, options);
    const feeds = { [input.name]: new runtime.Tensor(input.type, numbers, input.dims) };
    return { form, run: () => session.run(feeds), dispose: () => session.release() };
  };
  return {
    name,
    version: versionOf(name),
    layers: (shape) => Promise.all(modelsOf(shape).map(({ form, model }) => open(form, encodeModel(model), model.input))),
    network: (file, input, numbers) => open("f32", file, { ...input, type: "float32" }, numbers),
  };
}

/** The layer itself in f32 and as QLinearConv, and the matrix product it amounts to with its operands laid out already. */
function modelsOf(shape: LayerShape): { form: string; model: OnnxModel }[] {
  const rows = outSide(shape) ** 2;
  const depth = countDepth(shape);
  const { outChannels } = shape;
  const product = (op: string, inType: "float32" | "uint8", weightType: "float32" | "int8", outType: "float32" | "int32"): OnnxModel => ({
    nodes: [{ op, inputs: ["x", "w"], outputs: ["y"] }],
    constants: { w: random(weightType, [depth, outChannels]) },
    input: { name: "x", type: inType, dims: [rows, depth] },
    output: { name: "y", type: outType, dims: [rows, outChannels] },
  });
  const matrix = { form: "int8 MatMulInteger", model: product("MatMulInteger", "uint8", "int8", "int32") };
  if (shape.op === "dense") return [{ form: "f32 MatMul", model: product("MatMul", "float32", "float32", "float32") }, matrix];
  return [{ form: "f32 Conv", model: convolution(shape) }, { form: "int8 QLinearConv", model: quantized(shape) }, matrix];
}

function windowOf({ kernel, stride, pads }: LayerShape) {
  return { kernel_shape: [kernel, kernel], strides: [stride, stride], pads: [pads, pads, pads, pads], dilations: [1, 1], group: 1 };
}

function convolution(shape: LayerShape): OnnxModel {
  const { side, kernel, inChannels, outChannels } = shape;
  const out = outSide(shape);
  return {
    nodes: [{ op: "Conv", inputs: ["x", "w"], outputs: ["y"], attributes: windowOf(shape) }],
    constants: { w: random("float32", [outChannels, inChannels, kernel, kernel]) },
    input: { name: "x", type: "float32", dims: [1, inChannels, side, side] },
    output: { name: "y", type: "float32", dims: [1, outChannels, out, out] },
  };
}

/** uint8 activations in and out, int8 weights with a scale per filter: the form the ONNX quantizer writes. */
function quantized(shape: LayerShape): OnnxModel {
  const { outChannels } = shape;
  const { input, output, constants } = convolution(shape);
  const scale: Tensor = { type: "float32", dims: [], data: Float32Array.of(0.02) };
  const zero: Tensor = { type: "uint8", dims: [], data: Uint8Array.of(128) };
  return {
    nodes: [{ op: "QLinearConv", inputs: ["x", "xs", "xz", "w", "ws", "wz", "ys", "yz"], outputs: ["y"], attributes: windowOf(shape) }],
    constants: {
      xs: scale,
      xz: zero,
      w: random("int8", (constants.w as Tensor).dims),
      ws: { type: "float32", dims: [outChannels], data: new Float32Array(outChannels).fill(0.01) },
      wz: { type: "int8", dims: [outChannels], data: new Int8Array(outChannels) },
      ys: scale,
      yz: zero,
    },
    input: { ...input, type: "uint8" },
    output: { ...output, type: "uint8" },
  };
}

function random(type: "float32" | "int8", dims: readonly number[]): Tensor {
  return { type, dims, data: fill(type, dims) as Float32Array | Int8Array };
}

function fill(type: OnnxModel["input"]["type"], dims: readonly number[]): Float32Array | Int8Array | Uint8Array {
  const length = dims.reduce((product, dim) => product * dim, 1);
  if (type === "float32") return Float32Array.from({ length }, () => Math.random() - 0.5);
  if (type === "int8") return Int8Array.from({ length }, () => Math.floor(Math.random() * 255) - 127);
  return Uint8Array.from({ length }, () => Math.floor(Math.random() * 256));
}
