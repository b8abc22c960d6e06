// TensorFlow.js with its WebAssembly backend (XNNPACK), one thread, f32.

import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { countDepth, outSide } from "../layers/shapes.ts";
import { importPeer, type Peer, versionOf } from "./peer.ts";

interface Tensor {
  dispose(): void;
}

interface Tf {
  setBackend(name: string): Promise<boolean>;
  randomUniform(dims: readonly number[], low: number, high: number): Tensor;
  conv2d(x: Tensor, w: Tensor, stride: number, pads: number | "valid"): Tensor;
  matMul(x: Tensor, w: Tensor): Tensor;
}

interface Backend {
  setThreadsCount(count: number): void;
  setWasmPaths(folder: string): void;
}

export async function openTfjs(): Promise<Peer> {
  const name = "@tensorflow/tfjs-backend-wasm";
  const load = async (path: string) => {
    const module = await importPeer(path);
    return module.default ?? module;
  };
  const tf = (await load("@tensorflow/tfjs-core")) as Tf;
  const backend = (await load(name)) as Backend;
  backend.setThreadsCount(1);
  backend.setWasmPaths(`${dirname(createRequire(join(process.cwd(), "bench", "package.json")).resolve(`${name}/package.json`))}/dist/`);
  await tf.setBackend("wasm");
  return {
    name: "tfjs-wasm",
    version: versionOf(name),
    async layers(shape) {
      const { op, side, kernel, stride, pads, inChannels, outChannels } = shape;
      const isConv = op === "conv2d";
      const x = tf.randomUniform(isConv ? [1, side, side, inChannels] : [outSide(shape), countDepth(shape)], -0.5, 0.5);
      const w = tf.randomUniform(isConv ? [kernel, kernel, inChannels, outChannels] : [countDepth(shape), outChannels], -0.5, 0.5);
      const run = () => (isConv ? tf.conv2d(x, w, stride, pads) : tf.matMul(x, w)).dispose();
      const dispose = () => {
        x.dispose();
        w.dispose();
      };
      return [{ form: isConv ? "f32 conv2d" : "f32 matMul", run, dispose }];
    },
  };
}
