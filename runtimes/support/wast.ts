// One run of a model as a WebAssembly test script: the module, memory as it was before the first kernel, the kernels' calls, and
// every word of the outputs. An interpreter needs no JavaScript to repeat it.
import { readFileSync } from "node:fs";
import { instantiateKernels, type Kernels } from "../../src/engine/instantiate.ts";
import { prepareModel } from "../../src/engine/load.ts";
import { Model } from "../../src/engine/model.ts";
import { Random } from "../../tests/support/random.ts";

const PAGE_BYTES = 65536;
/** Shorter runs of zeros are written out. */
const GAP_BYTES = 64;

interface Call {
  kernel: string;
  /** Those that threads may share take two numbers more. */
  isShared: boolean;
  block: number;
}

/** Write the run of a model file on one random image. */
export async function writeRun(modulePath: string, modelPath: string): Promise<string> {
  const bytes = readFileSync(modulePath);
  const instance = await instantiateKernels(new WebAssembly.Module(bytes));
  const memory = () => new Uint8Array(instance.memory.buffer);
  const calls: Call[] = [];
  let isRecording = false;
  let before = new Uint8Array(0);
  const find: Kernels["find"] = (kernel, plan, step) => {
    const run = instance.find(kernel, plan, step);
    return (block, part, parts) => {
      if (isRecording && calls.length === 0) before = memory().slice();
      if (isRecording) calls.push({ kernel, isShared: run.length === 3, block });
      return run(block, part, parts);
    };
  };
  const model = new Model(...(await prepareModel({ ...instance, find }, readFileSync(modelPath))));
  isRecording = true;
  const outputs = Object.values(model.run(inputsOf(model)));
  const plan = model.plan();
  const addresses = outputs.map((numbers) => findBytes(memory(), new Uint8Array(numbers.buffer), plan.steps.length));
  return spell(bytes, before, calls, outputs, addresses);
}

function inputsOf(model: Model): Record<string, Float32Array | Int8Array> {
  const random = new Random(9);
  return Object.fromEntries(
    model.inputs.map(({ name, type, shape: [, ...item] }) => {
      const length = item.reduce((product, dim) => product * dim, 1);
      return [name, type === "i8" ? Int8Array.from({ length }, () => random.int(-128, 127)) : random.floats(length)];
    }),
  );
}

/** Where the output lies: it was copied from there. */
function findBytes(memory: Uint8Array, wanted: Uint8Array, from: number): number {
  const at = Buffer.from(memory.buffer).lastIndexOf(wanted);
  if (at < from) throw new Error("the output is not in memory");
  return at;
}

function spell(
  module: Uint8Array,
  before: Uint8Array,
  calls: readonly Call[],
  outputs: readonly Float32Array[],
  addresses: readonly number[],
): string {
  const imports = [...new Map(calls.map((call) => [call.kernel, call])).values()];
  const numbers = (isShared: boolean) => (isShared ? " i32 i32" : "");
  const lines = [
    `(module $kernels binary "${hex(module)}")`,
    '(register "kernels" $kernels)',
    '(module $size (import "kernels" "memory" (memory 1)) (func (export "grow") (param i32) (drop (memory.grow (local.get 0)))))',
    '(invoke $kernels "_initialize")',
    `(invoke $size "grow" (i32.const ${before.length / PAGE_BYTES - pagesOf(module)}))`,
    "(module $run",
    '  (import "kernels" "memory" (memory 1))',
    ...imports.map(({ kernel, isShared }) => `  (import "kernels" "${kernel}" (func $${kernel} (param i32${numbers(isShared)})))`),
    ...segments(before).map(([start, end]) => `  (data (i32.const ${start}) "${hex(before.subarray(start, end))}")`),
    '  (func (export "run")',
    ...calls.map(({ kernel, isShared, block }) => `    (call $${kernel} (i32.const ${block})${isShared ? " (i32.const 0) (i32.const 1)" : ""})`),
    "  )",
    '  (func (export "word") (param i32) (result i32) (i32.load (local.get 0))))',
    '(invoke $run "run")',
    ...outputs.flatMap((output, index) =>
      [...new Int32Array(output.buffer)].map(
        (word, i) => `(assert_return (invoke $run "word" (i32.const ${(addresses[index] as number) + 4 * i})) (i32.const ${word}))`,
      ),
    ),
  ];
  return `${lines.join("\n")}\n`;
}

function pagesOf(module: Uint8Array): number {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module as Uint8Array<ArrayBuffer>));
  return (exports.memory as WebAssembly.Memory).buffer.byteLength / PAGE_BYTES;
}

/** Where memory is not zero. */
function segments(memory: Uint8Array): [start: number, end: number][] {
  const found: [number, number][] = [];
  for (let at = 0; at < memory.length; at++) {
    if (memory[at] === 0) continue;
    const last = found.at(-1);
    if (last && at - last[1] < GAP_BYTES) last[1] = at + 1;
    else found.push([at, at + 1]);
  }
  return found;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex").replaceAll(/../g, "\\$&");
}
