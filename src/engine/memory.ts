// The linear memory of one wasm instance, divided once the model's data section is known:
//
//   heapBase      the module's own statics end here
//   data          the model file's data section, streamed in, never moved
//   arena         activations; grows when a larger plan arrives
//   scratch       of the largest step
//   blocks        parameter blocks and tables of the plans bound so far
//
// When arena or scratch must grow, everything after the data moves, and plans are bound again on next use.
import { PlanError } from "../graph/errors.ts";
import { OVERREAD_BYTES, roundUp } from "./arena.ts";
import type { Plan } from "./plan.ts";

const PAGE_BYTES = 65536;

export class LinearMemory {
  readonly #memory: WebAssembly.Memory;
  readonly #maxBytes: number;
  readonly dataBase: number;
  #arenaBase: number;
  #arenaBytes = 0;
  #scratchBytes = 0;
  #next: number;
  /** Changes whenever bound plans have become invalid. */
  generation = 0;

  /** Reserve `dataBytes` for the model's data section. Throws PlanError when that alone exceeds `maxBytes`. */
  constructor(memory: WebAssembly.Memory, heapBase: number, dataBytes: number, maxBytes: number) {
    this.#memory = memory;
    this.#maxBytes = maxBytes;
    this.dataBase = roundUp(heapBase);
    this.#arenaBase = roundUp(this.dataBase + dataBytes + OVERREAD_BYTES);
    this.#next = this.#arenaBase;
    this.#grow(this.#arenaBase);
  }

  get arenaBase(): number {
    return this.#arenaBase;
  }

  get scratchBase(): number {
    return this.#arenaBase + this.#arenaBytes;
  }

  /** Bytes of linear memory in use by the engine now. */
  get bytes(): number {
    return this.#next;
  }

  /** Make room for a plan's arena, scratch, blocks and tables. */
  reserve(plan: Plan): void {
    const arenaBytes = Math.max(this.#arenaBytes, plan.arenaBytes);
    const scratchBytes = Math.max(this.#scratchBytes, plan.scratchBytes);
    const isLarger = arenaBytes > this.#arenaBytes || scratchBytes > this.#scratchBytes;
    const next = isLarger ? roundUp(this.#arenaBase + arenaBytes + scratchBytes + OVERREAD_BYTES) : this.#next;
    this.#grow(next + plan.tableBytes); // may throw; nothing has changed by then
    if (!isLarger) return;
    this.#arenaBytes = arenaBytes;
    this.#scratchBytes = scratchBytes;
    this.release();
  }

  /** Give back the blocks and tables of all plans; they must be bound again. */
  release(): void {
    this.#next = roundUp(this.scratchBase + this.#scratchBytes + OVERREAD_BYTES);
    this.generation++;
  }

  /** Take the next `bytes` of the room that `reserve` made. */
  allocate(bytes: number): number {
    const address = this.#next;
    this.#next += roundUp(bytes);
    return address;
  }

  /** View bytes; valid until the memory grows. */
  view(address: number, bytes: number): Uint8Array {
    return new Uint8Array(this.#memory.buffer, address, bytes);
  }

  write(address: number, numbers: ArrayBufferView): void {
    this.view(address, numbers.byteLength).set(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength));
  }

  #grow(bytes: number): void {
    if (bytes > this.#maxBytes) {
      throw new PlanError("too-large", `the model needs ${bytes} bytes but ${this.#maxBytes} is the most; use a smaller batch or raise maxMemory`);
    }
    const missing = Math.ceil((bytes - this.#memory.buffer.byteLength) / PAGE_BYTES);
    if (missing > 0) this.#memory.grow(missing);
  }
}
