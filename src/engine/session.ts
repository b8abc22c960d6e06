// Binds plans to memory: parameter blocks and tables are written, addresses known. What is bound is a list of calls:
// running is one after the other.
import { RunError } from "../graph/errors.ts";
import type { Graph, Numbers } from "../graph/graph.ts";
import type { Param } from "../ops/op.ts";
import type { Kernels } from "./instantiate.ts";
import type { LinearMemory } from "./memory.ts";
import { countAtOnce } from "./parts.ts";
import type { Plan, Step } from "./plan.ts";
import { type KernelChoice, planGraph } from "./planner.ts";

/** An input: the numbers of an f32 value, or of an i8 value. */
export type InputArray = Float32Array | Int8Array;

export interface SessionOptions {
  kernels: KernelChoice;
  maxMemory: number;
  /** Refuse inputs, and outputs, that are NaN or infinite. */
  checkFinite: boolean;
}

export interface BoundStep {
  step: Step;
  /** Call its kernel. */
  run: () => void;
}

export interface BoundPlan {
  plan: Plan;
  steps: BoundStep[];
  generation: number;
}

/** Arbitrary: more sizes of parts than a program uses in turn. Then all plans go, and those still in use come back. */
const MAX_PLANS = 16;

export class Session {
  readonly #graph: Graph;
  readonly #kernels: Kernels;
  readonly #memory: LinearMemory;
  readonly #options: SessionOptions;
  /** Tables that setup kernels have filled, by generation and node. */
  readonly #made = new Map<string, number>();
  /** How many images may run at once; 0 until the first batch of more than one comes. */
  #most = 0;
  /** One per number of images that ran at once since the last clearing. */
  readonly #plans = new Map<number, BoundPlan>();

  constructor(graph: Graph, kernels: Kernels, memory: LinearMemory, options: SessionOptions) {
    this.#graph = graph;
    this.#kernels = kernels;
    this.#memory = memory;
    this.#options = options;
  }

  /** Bytes of linear memory the engine uses now: weights, arena, scratch, blocks and tables. */
  get memoryBytes(): number {
    return this.#memory.bytes;
  }

  /** Return how many images of a batch run at once: in parts as equal as can be. */
  atOnce(batch: number): number {
    const { arenaBase, dataBase } = this.#memory;
    if (batch > 1) this.#most ||= countAtOnce(this.#graph, batch, this.#plan(1), arenaBase - dataBase);
    return Math.ceil(batch / Math.ceil(batch / (this.#most || 1)));
  }

  /**
   * Run a batch part by part: yields the calls of each with its inputs in place, and afterwards puts its outputs into `results`. Both are in the
   * order of the graph's.
   */
  *runParts(batch: number, inputs: readonly InputArray[], results: Float32Array[]): Generator<BoundPlan, void> {
    const most = this.atOnce(batch);
    for (let first = 0; first < batch; first += most) {
      const bound = this.bind(Math.min(most, batch - first));
      const { plan } = bound;
      this.#graph.inputs.forEach((index, position) => {
        const numbers = inputs[position] as InputArray;
        const at = (item: number) => (numbers.length * item) / batch;
        this.#memory.write(this.#addressOf(plan, index), numbers.subarray(at(first), at(first + plan.batch)));
        this.#checkFinite("input", plan, index, first, "pass finite numbers");
      });
      yield bound;
      this.#graph.outputs.forEach((index, position) => {
        const { bytes } = plan.values[index] as Plan["values"][number];
        this.#checkFinite("output", plan, index, first, "its weights overflow on this input");
        results[position] ??= new Float32Array((bytes * batch) / plan.batch / 4);
        new Uint8Array(results[position].buffer).set(this.#memory.view(this.#addressOf(plan, index), bytes), (bytes * first) / plan.batch);
      });
    }
  }

  /** Throw RunError when a value of a part, whose first image is `first`, is not finite. */
  #checkFinite(side: "input" | "output", plan: Plan, index: number, first: number, cure: string): void {
    const { name, type, bytes } = plan.values[index] as Plan["values"][number];
    if (!this.#options.checkFinite || type !== "f32") return;
    const { buffer, byteOffset } = this.#memory.view(this.#addressOf(plan, index), bytes);
    const numbers = new Float32Array(buffer, byteOffset, bytes / 4);
    const finite = this.#kernels.checks.countFinite(numbers);
    if (finite === numbers.length) return;
    const at = finite + (first * numbers.length) / plan.batch;
    throw new RunError(`${side}-not-finite`, `${side} "${name}" has ${numbers[finite]} at index ${at}; ${cure}, or load with checkFinite: false`);
  }

  /** Plan a number of images and bind its calls, or find what was bound; another call may make the result invalid. */
  bind(items: number): BoundPlan {
    const known = this.#plans.get(items);
    if (known?.generation === this.#memory.generation) return known;

    if (this.#plans.size >= MAX_PLANS && !known) {
      this.#plans.clear();
      this.#memory.release();
    }
    const plan = this.#plan(items);
    this.#memory.reserve(plan);
    const bound = { plan, steps: plan.steps.map((step) => this.#bindStep(plan, step)), generation: this.#memory.generation };
    this.#plans.set(items, bound);
    return bound;
  }

  #plan(items: number): Plan {
    return this.#plans.get(items)?.plan ?? planGraph(this.#graph, items, { ...this.#options, ...this.#kernels });
  }

  #bindStep(plan: Plan, step: Step): BoundStep {
    const { kernel, setup, pack, inputs, outputs, params, tables = [] } = step;
    let isNew = false;
    const addresses = tables.map((table) => {
      if (typeof table !== "number") return this.#store(table);
      // Plans of all batch sizes share what is made of a node's constants.
      const key = `${this.#memory.generation} ${step.node}`;
      isNew = !this.#made.has(key);
      if (isNew) this.#made.set(key, this.#memory.allocate(table));
      return this.#made.get(key) as number;
    });
    const resolve = (param: Param): number => {
      if (typeof param === "number") return param;
      if ("f32" in param) return new Uint32Array(Float32Array.of(param.f32).buffer)[0] as number;
      if ("input" in param) return this.#addressOf(plan, inputs[param.input] as number);
      if ("output" in param) return this.#addressOf(plan, outputs[param.output] as number);
      if ("span" in param) return param.span ? this.#memory.dataBase + param.span.offset : 0;
      if ("table" in param) return addresses[param.table] as number;
      return this.#memory.scratchBase + param.scratch;
    };
    const block = this.#store(Uint32Array.from(Object.values(params), resolve));
    if (setup && isNew) this.#kernels.find(setup)(block, 0, 1);
    const calls = [...(pack ? [pack] : []), kernel].map((name) => this.#kernels.find(name, plan, step));
    return {
      step,
      run() {
        for (const call of calls) call(block, 0, 1);
      },
    };
  }

  /** Put numbers behind the scratch; returns their address. */
  #store(numbers: Numbers): number {
    const address = this.#memory.allocate(numbers.byteLength);
    this.#memory.write(address, numbers);
    return address;
  }

  #addressOf(plan: Plan, index: number): number {
    const { place } = plan.values[index] as Plan["values"][number];
    return "arena" in place ? this.#memory.arenaBase + place.arena : this.#memory.dataBase + place.span.offset;
  }
}
