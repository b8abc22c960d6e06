// Binds plans to memory: parameter blocks and tables are written, addresses known. What is bound is a list of calls:
// running is one after the other.
import type { Graph, Numbers, Span } from "../graph/graph.ts";
import type { Param } from "../ops/op.ts";
import type { Kernels } from "./instantiate.ts";
import type { LinearMemory } from "./memory.ts";
import type { Plan, Step } from "./plan.ts";
import { type KernelChoice, planGraph } from "./planner.ts";

export interface SessionOptions {
  kernels: KernelChoice;
  maxMemory: number;
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

/** Arbitrary: more batch sizes than a program uses in turn. Then all plans go, and those still in use come back. */
const MAX_PLANS = 16;

export class Session {
  readonly #graph: Graph;
  readonly #kernels: Kernels;
  readonly #memory: LinearMemory;
  readonly #options: SessionOptions;
  /** Tables that setup kernels have filled, by generation and node. */
  readonly #made = new Map<string, number>();
  /** One per batch size seen since the last clearing. */
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

  /** Copy inputs in; `inputs` are in the order of the graph's inputs. */
  write(plan: Plan, inputs: readonly Float32Array[]): void {
    this.#graph.inputs.forEach((index, position) => {
      this.#memory.write(this.#addressOf(plan, index), inputs[position] as Float32Array);
    });
  }

  /** Copy an f32 value, as all outputs are, out of the arena. Valid after its step has run. */
  read(plan: Plan, index: number): Float32Array {
    const { bytes } = plan.values[index] as Plan["values"][number];
    return new Float32Array(this.#memory.view(this.#addressOf(plan, index), bytes).slice().buffer);
  }

  /** Plan a batch size and bind its calls, or find what was bound; another call may make the result invalid. */
  bind(batch: number): BoundPlan {
    const known = this.#plans.get(batch);
    if (known !== undefined && known.generation === this.#memory.generation) return known;

    if (this.#plans.size >= MAX_PLANS && known === undefined) {
      this.#plans.clear();
      this.#memory.release();
    }
    const plan = known?.plan ?? planGraph(this.#graph, batch, { ...this.#options, ...this.#kernels, read: (span) => this.#constant(span) });
    this.#memory.reserve(plan);
    const bound = { plan, steps: plan.steps.map((step) => this.#bindStep(plan, step)), generation: this.#memory.generation };
    this.#plans.set(batch, bound);
    return bound;
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

  #constant({ offset, bytes }: Span): Uint8Array {
    return this.#memory.view(this.#memory.dataBase + offset, bytes);
  }

  #addressOf(plan: Plan, index: number): number {
    const { place } = plan.values[index] as Plan["values"][number];
    return "arena" in place ? this.#memory.arenaBase + place.arena : this.#memory.dataBase + place.span.offset;
  }
}
