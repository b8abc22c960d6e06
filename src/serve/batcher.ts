// Gathers requests that arrive within a window into one batch. Images of a batch never meet, so answers do not depend on it.
import type { Inputs, TensorInfo, Tensors } from "../engine/model.ts";

/** What a server needs of a model; every loaded one is that. */
export interface Runner {
  readonly name: string;
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  run(inputs: Inputs): Tensors;
}

export interface BatchOptions {
  /** How long the first item of a batch waits for others, ms; 0: items run as they come, one by one. */
  windowMs: number;
  /** A batch is run when it has so many. */
  maxBatch: number;
  /** Told of each batch. */
  onBatch?: (items: number) => void;
}

interface Waiting {
  inputs: Inputs;
  resolve(outputs: Tensors): void;
  reject(error: unknown): void;
}

export class Batcher {
  readonly #model: Runner;
  readonly #options: BatchOptions;
  #waiting: Waiting[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(model: Runner, options: BatchOptions) {
    this.#model = model;
    // A model of a fixed batch takes no more.
    const isFree = model.inputs.every(({ shape }) => shape[0] === -1);
    this.#options = isFree ? options : { ...options, windowMs: 0 };
  }

  /** Compute one item's outputs. Rejects with the engine's RunError. */
  submit(inputs: Inputs): Promise<Tensors> {
    const { windowMs, maxBatch } = this.#options;
    return new Promise((resolve, reject) => {
      this.#waiting.push({ inputs, resolve, reject });
      if (windowMs === 0 || this.#waiting.length >= maxBatch) this.#flush();
      else this.#timer ??= setTimeout(() => this.#flush(), windowMs);
    });
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const batch = this.#waiting;
    this.#waiting = [];
    try {
      this.#run(batch);
    } catch (error) {
      // One item that is not finite must not cost the others their answers.
      if (batch.length === 1) batch[0]?.reject(error);
      else for (const one of batch) this.#runAlone(one);
    }
  }

  #runAlone(one: Waiting): void {
    try {
      this.#run([one]);
    } catch (error) {
      one.reject(error);
    }
  }

  #run(batch: readonly Waiting[]): void {
    const [first] = batch;
    const joined = batch.length === 1 ? (first as Waiting).inputs : join(batch.map(({ inputs }) => inputs));
    const outputs = Object.entries(this.#model.run(joined));
    this.#options.onBatch?.(batch.length);
    batch.forEach(({ resolve }, index) => {
      const part = (numbers: Float32Array) => {
        const length = numbers.length / batch.length;
        return numbers.slice(index * length, (index + 1) * length);
      };
      resolve(Object.fromEntries(outputs.map(([name, numbers]) => [name, part(numbers)])));
    });
  }
}

/** Lay items behind each other, input by input. */
function join(items: readonly Inputs[]): Inputs {
  return Object.fromEntries(
    Object.entries(items[0] as Inputs).map(([name, first]) => {
      const length = first.length * items.length;
      const joined = first instanceof Int8Array ? new Int8Array(length) : new Float32Array(length);
      items.forEach((item, index) => {
        joined.set(item[name] as Float32Array, index * first.length);
      });
      return [name, joined];
    }),
  );
}
