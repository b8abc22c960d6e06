// Runs one op through its real host code (src/ops) on a real module of build/wasm: infer, check constants, prepare,
// lay out memory, write the block, call, read back. Every operand stands between canaries, all memory is filled
// with garbage first, and a write outside the outputs and the scratch is an error. Kernels that split run a second time, in
// several parts with scratch of their own, last part first, and must write the same bits.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { countTable } from "../../src/engine/planner.ts";
import type { Thresholds } from "../../src/graph/attributes.ts";
import { countBytes, type Node, type Numbers, type Span } from "../../src/graph/graph.ts";
import { KERNELS } from "../../src/kernels/table.ts";
import type { Param, PrepareContext, Type } from "../../src/ops/op.ts";
import { countStoredBytes } from "../../src/ops/stored.ts";
import { findOp, inferNode } from "../../src/ops/table.ts";

export type Build = "mvp" | "scalar" | "simd";
export const BUILDS: readonly Build[] = ["simd", "scalar", "mvp"];

/** An activation: f32 or i8 NCHW, or bits packed NHW[Cw]; the shape is logical. */
export interface Tensor extends Type {
  data: Float32Array | Uint32Array | Int8Array;
}

export interface RunOptions {
  kernels?: PrepareContext["kernels"];
  /** Fail unless this kernel was chosen. */
  kernel?: string;
  /** Divide the work as so many threads would, where the kernel allows it. */
  parts?: number;
  /** Plan for so many threads. Default 1; where a plan for several differs, its result is compared. */
  threads?: number;
  /** Input 0 are bits that a binarize with these thresholds makes of `reals`: a kernel that takes signs gets the reals. */
  signs?: { thresholds: Thresholds<Numbers> | undefined; reals: Float32Array } | undefined;
  /** Call the kernel so many times on the same memory and report the best time. */
  repeat?: number;
}

export interface Outcome {
  outputs: Tensor[];
  kernel: string;
  /** Every kernel that was called: setup, pack, and the kernel itself. */
  called: string[];
  why: string | undefined;
  macs: number;
  scratchBytes: number;
  /** Best of `repeat` calls. */
  microseconds: number;
}

interface Wasm {
  memory: WebAssembly.Memory;
  heap_base(): number;
  [kernel: string]: WebAssembly.ExportValue;
}

const OVERREAD_BYTES = 64;
const GARBAGE = 0xa5;
const PAGE_BYTES = 65536;
/** Threads that a kernel is tried with: a number that divides few others. */
const PARTS = 3;
const modules = new Map<Build, Wasm>();

/** Load a module of build/wasm once per test process. */
export function loadWasm(build: Build): Wasm {
  let wasm = modules.get(build);
  if (wasm === undefined) {
    const module = new WebAssembly.Module(readFileSync(join("build", "wasm", `${build}.wasm`)));
    const { exports } = new WebAssembly.Instance(module, {});
    (exports._initialize as (() => void) | undefined)?.();
    wasm = exports as Wasm;
    modules.set(build, wasm);
  }
  return wasm;
}

/** Execute one node on these inputs. Constants of the node are typed arrays, as on the convert side. */
export function runOp(build: Build, node: Node<Numbers>, inputs: readonly Tensor[], options: RunOptions = {}): Outcome {
  const wasm = loadWasm(build);
  const memory = new Layout(wasm.heap_base());
  const data = new DataSection();
  const placed = data.place(node);
  const signs = options.signs && { thresholds: data.place(options.signs.thresholds) };
  const op = findOp(node.op);
  const outputType = inferNode(placed, inputs);
  for (const constant of op.stored?.(placed.attrs, inputs) ?? []) {
    const [found, wanted] = [constant.data?.bytes, countStoredBytes(constant)];
    if (found !== undefined && found !== wanted) throw new Error(`${node.op}: ${constant.name} has ${found} bytes, stored() wants ${wanted}`);
  }
  const bytes = data.bytes();
  const prepareFor = (threads: number) =>
    op.prepare(placed.attrs, {
      inputs: inputs as [Tensor],
      output: outputType,
      kernels: options.kernels ?? "auto",
      simd: build === "simd",
      threads,
      signs,
    });
  const draft = prepareFor(options.threads ?? 1);
  if (options.kernel !== undefined && draft.kernel !== options.kernel) {
    throw new Error(`${node.op}: wanted kernel ${options.kernel} but ${draft.kernel} was chosen (${draft.why})`);
  }

  const parts = KERNELS.find(({ name }) => name === draft.kernel)?.splits ? (options.parts ?? 1) : 1;
  const blockPtr = memory.take("block", 4 * Object.keys(draft.params).length);
  const dataPtr = memory.take("constants", bytes.byteLength);
  const operands = inputs.map(({ data }, i) => (i === 0 && draft.takesSigns && options.signs ? options.signs.reals : data));
  const inputPtrs = operands.map((operand, i) => memory.take(`input ${i}`, operand.byteLength));
  const tables = draft.tables ?? [];
  const tablePtrs = tables.map((table, i) => memory.take(`${typeof table === "number" ? "made" : "table"} ${i}`, countTable(table)));
  const outputBytes = countBytes(outputType);
  const outputPtr = memory.take("output", outputBytes);
  const scratchPtr = memory.take("scratch", (draft.scratchBytes ?? 0) + Math.max(parts, PARTS) * (draft.threadBytes ?? 0));

  const missing = memory.end - wasm.memory.buffer.byteLength;
  if (missing > 0) wasm.memory.grow(Math.ceil(missing / PAGE_BYTES));
  const heap = new Uint8Array(wasm.memory.buffer);
  heap.fill(GARBAGE, wasm.heap_base(), memory.end);
  const write = (ptr: number, numbers: ArrayBufferView) => heap.set(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength), ptr);
  write(dataPtr, bytes);
  operands.forEach((operand, i) => {
    write(inputPtrs[i] as number, operand);
  });
  tables.forEach((table, i) => {
    if (typeof table !== "number") write(tablePtrs[i] as number, table);
  });

  const resolve = (param: Param): number => {
    if (typeof param === "number") return param;
    if ("input" in param) return inputPtrs[param.input] as number;
    if ("output" in param) return outputPtr;
    if ("table" in param) return tablePtrs[param.table] as number;
    if ("scratch" in param) return scratchPtr + param.scratch;
    if ("f32" in param) throw new Error("a float is no address");
    return param.span === undefined ? 0 : dataPtr + param.span.offset;
  };
  const view = new DataView(wasm.memory.buffer);
  Object.values(draft.params).forEach((param, i) => {
    if (typeof param === "object" && "f32" in param) view.setFloat32(blockPtr + 4 * i, param.f32, true);
    else view.setUint32(blockPtr + 4 * i, resolve(param), true);
  });

  const before = heap.slice(wasm.heap_base(), memory.end);
  const find = (name: string): CallableFunction => {
    const found = wasm[name];
    if (typeof found !== "function") throw new Error(`${build}.wasm exports no ${name}`);
    return found;
  };
  if (draft.setup) find(draft.setup)(blockPtr, 0, 1);
  const pack = draft.pack === undefined ? undefined : find(draft.pack);
  const kernel = find(draft.kernel);
  let microseconds = Number.POSITIVE_INFINITY;
  for (let i = 0; i < (options.repeat ?? 1); i++) {
    const start = performance.now();
    pack?.(blockPtr, 0, 1);
    for (let part = 0; part < parts; part++) kernel(blockPtr, part, parts);
    microseconds = Math.min(microseconds, 1000 * (performance.now() - start));
  }
  memory.checkUntouched(heap, before, draft.kernel);

  const written = heap.slice(outputPtr, outputPtr + outputBytes);
  const steps = [...(draft.pack ? [draft.pack] : []), draft.kernel];
  if (options.repeat === undefined && steps.some(splits)) {
    const { scratchBytes = 0, threadBytes = 0 } = draft;
    const threadScratch = (part: number) => heap.subarray(scratchPtr + scratchBytes + part * threadBytes).subarray(0, threadBytes);
    heap.fill(GARBAGE, outputPtr, outputPtr + written.byteLength);
    heap.fill(GARBAGE, scratchPtr, memory.end);
    for (const name of steps) {
      const parts = splits(name) ? PARTS : 1;
      for (let part = parts - 1; part >= 0; part--) {
        const others = Array.from({ length: PARTS }, (_, i) => i).filter((i) => i !== part);
        const seen = others.map((i) => Buffer.from(threadScratch(i)));
        find(name)(blockPtr, part, parts);
        const areUntouched = others.every((other, i) => Buffer.compare(threadScratch(other), seen[i] as Buffer) === 0);
        if (!areUntouched) throw new Error(`${name}: part ${part} wrote into another part's scratch`);
      }
    }
    memory.checkUntouched(heap, before, `${draft.kernel} in ${PARTS} parts`);
    const isSame = Buffer.compare(heap.subarray(outputPtr, outputPtr + written.byteLength), written) === 0;
    if (!isSame) throw new Error(`${draft.kernel} gives another result in ${PARTS} parts`);
  }

  const { type, shape } = outputType;
  const buffer = wasm.memory.buffer.slice(outputPtr, outputPtr + outputBytes);
  const Numbers = { f32: Float32Array, bits: Uint32Array, i8: Int8Array }[type];
  const outputs = [{ type, shape, data: new Numbers(buffer) }];
  const { kernel: name, why, macs = 0, scratchBytes = 0 } = draft;
  if (options.threads === undefined && options.repeat === undefined && !isDeepStrictEqual(draft, prepareFor(PARTS))) {
    const threaded = runOp(build, node, inputs, { ...options, threads: PARTS }).outputs[0];
    if (!isDeepStrictEqual(threaded, outputs[0])) throw new Error(`${name} gives another result when planned for ${PARTS} threads`);
  }
  const called = [draft.setup, draft.pack, name].filter((each) => each !== undefined);
  return { outputs, kernel: name, called, why, macs, scratchBytes, microseconds };
}

function splits(name: string): boolean {
  return KERNELS.some((kernel) => kernel.name === name && kernel.splits);
}

/** Hands out addresses with canaries between them, and knows which may be written. */
class Layout {
  readonly #start: number;
  readonly #regions: { name: string; ptr: number; bytes: number }[] = [];
  end: number;

  constructor(start: number) {
    this.#start = start;
    this.end = align(start);
  }

  take(name: string, bytes: number): number {
    const ptr = this.end;
    this.#regions.push({ name, ptr, bytes });
    this.end = align(ptr + bytes + OVERREAD_BYTES);
    return ptr;
  }

  checkUntouched(heap: Uint8Array, before: Uint8Array, kernel: string): void {
    const isWritable = (name: string) => name === "scratch" || name.startsWith("output") || name.startsWith("made");
    let from = this.#start;
    const bounds = [...this.#regions.filter(({ name }) => isWritable(name)), { name: "end", ptr: this.end, bytes: 0 }];
    for (const { ptr, bytes } of bounds) {
      const offset = Buffer.compare(heap.subarray(from, ptr), before.subarray(from - this.#start, ptr - this.#start));
      if (offset !== 0) {
        let at = from;
        while (heap[at] === before[at - this.#start]) at++;
        const near = this.#regions.filter((region) => region.ptr <= at).pop();
        throw new Error(`${kernel} wrote ${at - (near?.ptr ?? 0)} bytes into "${near?.name}" of ${near?.bytes} bytes, where it must not`);
      }
      from = ptr + bytes;
    }
  }
}

type Placed<T> = T extends Numbers ? Span : T extends object ? { [K in keyof T]: Placed<T[K]> } : T;

/** The constants of one node as they would lie in a file. */
class DataSection {
  readonly #parts: Uint8Array[] = [];
  #bytes = 0;

  /** Replace the typed arrays of a node, or of a part of one, by spans. */
  place<T>(part: T): Placed<T> {
    return this.#replace(part) as Placed<T>;
  }

  bytes(): Uint8Array {
    return Buffer.concat(this.#parts);
  }

  #replace(value: unknown): unknown {
    if (value instanceof Float32Array || value instanceof Int32Array || value instanceof Uint32Array) {
      const span = { offset: this.#bytes, bytes: value.byteLength };
      const padded = new Uint8Array(align(value.byteLength));
      padded.set(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
      this.#parts.push(padded);
      this.#bytes += padded.byteLength;
      return span;
    }
    if (Array.isArray(value)) return value.map((item) => this.#replace(item));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.#replace(item)]));
  }
}

function align(bytes: number): number {
  return Math.ceil(bytes / 16) * 16;
}
