// A loaded model, as users see it.
import { PlanError, type RunCode, RunError } from "../graph/errors.ts";
import { atBatch, countElements, type ElementType, type Graph, type Metadata, type Shape } from "../graph/graph.ts";
import { spell } from "../ops/require.ts";
import type { Plan } from "./plan.ts";
import { type LayerProfile, profileSteps } from "./profile.ts";
import type { InputArray, Session } from "./session.ts";

/** Name, type and shape of an input or output; -1 in dimension 0 means any batch. */
export interface TensorInfo {
  name: string;
  type: ElementType;
  shape: Shape;
}

/** Outputs by name: new arrays, row-major, of the shapes that `Model.outputs` gives. */
export type Tensors = Record<string, Float32Array>;

/** Inputs by name: row-major `NCHW`, f32 or, where `Model.inputs` says i8, int8. */
export type Inputs = Record<string, InputArray>;

/** Run a macrotask break after about this many multiply-accumulates in `runAsync`: a few ms of work. */
const MACS_PER_BREAK = 100e6;

/** A loaded model: its own wasm instance, weights in its memory, and the plans by which batches run. */
export class Model {
  readonly name: string;
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  readonly metadata: Metadata;
  /** Which build of the kernels runs. */
  readonly build: "simd" | "scalar";
  readonly #batch: number;
  #session: Session | undefined;
  /** Counts what has used the memory, so that an interrupted run notices. */
  #turn = 0;
  #queue: Promise<unknown> = Promise.resolve();

  /** Made by `loadModel`; takes over `session`. */
  constructor(graph: Graph, session: Session, build: "simd" | "scalar", batch: number) {
    this.name = graph.name;
    this.metadata = graph.metadata;
    this.build = build;
    const describe = (indices: readonly number[], wanted: string) =>
      indices.map((index): TensorInfo => {
        const { name, type, shape } = graph.values[index] as Graph["values"][number];
        if (!wanted.includes(type)) throw new PlanError("unsupported", `"${name}" goes in or out as ${type}; it must be ${wanted}`);
        return { name, type, shape };
      });
    this.inputs = describe(graph.inputs, "f32 or i8");
    this.outputs = describe(graph.outputs, "f32");
    this.#session = session;
    this.#batch = this.inputs.find(({ shape }) => shape[0] !== -1)?.shape[0] ?? batch;
    this.plan();
  }

  /** Bytes of linear memory in use: weights, activations, scratch, parameter blocks. */
  get memoryBytes(): number {
    return this.#live().memoryBytes;
  }

  /**
   * Compute all outputs. Inputs are row-major `NCHW`, f32 or, where the model says so, int8; the batch follows from their length. Returns new
   * arrays.
   */
  run(inputs: Inputs): Tensors {
    const { parts, results } = this.#start(inputs);
    for (const { steps } of parts) for (const { run } of steps) run();
    return this.#collect(results);
  }

  /**
   * Compute all outputs, giving other tasks a turn between layers; calls queue up behind each other. Rejects with
   * RunError "aborted" when `signal` fires. Leave `inputs` as they are until then: they are read part by part.
   */
  runAsync(inputs: Inputs, { signal }: { signal?: AbortSignal } = {}): Promise<Tensors> {
    const result = this.#queue.then(() => this.#runWithBreaks(inputs, signal));
    this.#queue = result.catch(() => {});
    return result;
  }

  /** Time every layer: median ms over `runs` runs on the given inputs, or on zeros. Clocks stand still on deployed Workers. */
  profile({ inputs, runs = 20, warmup = 10 }: { inputs?: Inputs; runs?: number; warmup?: number } = {}): LayerProfile[] {
    const zeros = () =>
      this.inputs.map(({ name, type, shape }) => {
        const Numbers = arrayOf(type);
        return [name, new Numbers(countElements(atBatch(shape, this.#batch)))] as const;
      });
    const { ordered, batch } = this.#check(inputs ?? Object.fromEntries(zeros()));
    const session = this.#live();
    this.#turn++;
    return profileSteps(() => session.runParts(batch, ordered, []), runs, warmup);
  }

  /**
   * The plan by which a batch runs: steps, kernels and why, shapes, arena offsets, bytes, MACs. Plain data. Its own `batch` says how many images
   * run at once; a larger batch runs in parts of so many, the last of the rest.
   */
  plan(batch = this.#batch): Plan {
    const session = this.#live();
    return session.bind(session.atOnce(batch)).plan;
  }

  /** Let go of the engine and its memory; every later call throws RunError "disposed". */
  dispose(): void {
    this.#session = undefined;
  }

  /** `dispose`, for `using`. */
  [Symbol.dispose](): void {
    this.dispose();
  }

  async #runWithBreaks(inputs: Inputs, signal: AbortSignal | undefined): Promise<Tensors> {
    throwIfAborted(signal);
    const { parts, results } = this.#start(inputs);
    const turn = this.#turn;
    let macs = 0;
    for (const bound of parts) {
      for (const { step, run } of bound.steps) {
        run();
        macs += step.macs;
        if (macs < MACS_PER_BREAK) continue;
        macs = 0;
        await new Promise((resolve) => setTimeout(resolve, 0));
        throwIfAborted(signal);
        // A synchronous run during the break has used the same memory, or another plan has moved it: start over.
        const isUntouched = this.#live().bind(bound.plan.batch) === bound && turn === this.#turn;
        if (!isUntouched) return this.#runWithBreaks(inputs, signal);
      }
    }
    return this.#collect(results);
  }

  #live(): Session {
    demand(this.#session, "disposed", "the model was disposed; load it again");
    return this.#session;
  }

  #start(inputs: Inputs) {
    const session = this.#live();
    const { ordered, batch } = this.#check(inputs);
    this.#turn++;
    const results: Float32Array[] = [];
    return { parts: session.runParts(batch, ordered, results), results };
  }

  #collect(results: readonly Float32Array[]): Tensors {
    return Object.fromEntries(this.outputs.map(({ name }, position) => [name, results[position] as Float32Array]));
  }

  /** Put inputs in order and find out their batch. */
  #check(inputs: Inputs): { ordered: InputArray[]; batch: number } {
    const spelled = `the model's inputs are ${this.inputs.map(({ name, shape }) => `"${name}" ${spell(shape)}`).join(", ")}`;
    for (const given of Object.keys(inputs)) {
      const isKnown = this.inputs.some(({ name }) => name === given);
      demand(isKnown, "input-unknown", `there is no input "${given}"; ${spelled}`);
    }
    /** Of inputs with any batch. */
    const batches = new Set<number>();
    const ordered = this.inputs.map(({ name, type, shape }) => {
      const numbers: unknown = inputs[name];
      demand(numbers !== undefined, "input-missing", `input "${name}" is missing; ${spelled}`);
      const found = Object.prototype.toString.call(numbers).slice(8, -1);
      const Numbers = arrayOf(type);
      demand(numbers instanceof Numbers, "input-type", `input "${name}" is a ${found}; pass a ${Numbers.name} of shape ${spell(shape)}`);
      const [batch, ...item] = shape;
      const perItem = countElements(item);
      const items = numbers.length / perItem;
      const wanted = batch === -1 ? `a multiple of ${perItem}` : countElements(shape);
      const isRight = batch === -1 ? items > 0 && Number.isInteger(items) : items === batch;
      demand(isRight, "input-length", `input "${name}" has ${numbers.length} numbers but its shape ${spell(shape)} needs ${wanted}`);
      if (batch === -1) batches.add(items);
      return numbers;
    });
    const [batch = this.#batch] = batches;
    demand(batches.size < 2, "input-length", `the inputs hold different batches: ${[...batches].join(", ")}; ${spelled}`);
    return { ordered, batch };
  }
}

/** What the numbers of an input are given in. */
function arrayOf(type: ElementType) {
  return type === "i8" ? Int8Array : Float32Array;
}

function demand(isRight: unknown, code: RunCode, sentence: string): asserts isRight {
  if (!isRight) throw new RunError(code, sentence);
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  demand(!signal?.aborted, "aborted", "the run was aborted by its signal");
}
