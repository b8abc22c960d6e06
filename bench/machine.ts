// Where figures were taken: processor, versions, clock.
import { cpus } from "node:os";

export function describeMachine(): Record<string, string> {
  const [cpu] = cpus();
  return {
    machine: `${cpu?.model.trim() ?? "unknown processor"}, ${cpus().length} cores, ${process.platform} ${process.arch}`,
    engine: `Node ${process.versions.node}, V8 ${process.versions.v8}`,
    date: new Date().toISOString().slice(0, 10),
  };
}

/**
 * Let performance.now count this process's own processor time instead of the time of day: on a machine with other work,
 * waiting for a turn is not part of a call then. All threads count together, so it says nothing about sharing work.
 */
export function countProcessorTime(): void {
  performance.now = () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  };
}

/** Multiplications in one turn of the loop below. */
const CHAIN = 32;
/** Cycles from one 32-bit multiplication to the next that needs its result: 3 on every x86 and ARM core since 2010. */
const MULTIPLY_CYCLES = 3;
const TURNS = 20_000;

/** Measures the clock by a chain of multiplications, each of which waits for the one before. */
export class Clock {
  readonly #spin: (turns: number, factor: number) => number;
  #hz = 0;

  constructor() {
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(encodeChain()));
    this.#spin = exports.f as (turns: number, factor: number) => number;
    for (let call = 0; call < 20; call++) this.measure();
  }

  /** Take one sample; the fastest is the clock, because everything else that happens only slows. */
  measure(): void {
    const before = performance.now();
    this.#spin(TURNS, 3);
    const seconds = (performance.now() - before) / 1000;
    this.#hz = Math.max(this.#hz, (TURNS * CHAIN * MULTIPLY_CYCLES) / seconds);
  }

  get gigahertz(): number {
    return this.#hz / 1e9;
  }
}

/** (func (export "f") (param turns factor) (result i32)): x = factor; turns times: CHAIN times x = x * factor. */
function encodeChain(): Uint8Array<ArrayBuffer> {
  const multiply = [0x20, 2, 0x20, 1, 0x6c, 0x21, 2];
  const turn = [...Array(CHAIN).fill(multiply).flat(), 0x20, 0, 0x41, 1, 0x6b, 0x22, 0, 0x0d, 0];
  const body = [1, 1, 0x7f, 0x20, 1, 0x21, 2, 0x03, 0x40, ...turn, 0x0b, 0x20, 2, 0x0b];
  const code = [1, ...varint(body.length), ...body];
  const header = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
  const types = [1, 7, 1, 0x60, 2, 0x7f, 0x7f, 1, 0x7f];
  return Uint8Array.of(...header, ...types, 3, 2, 1, 0, 7, 5, 1, 1, 0x66, 0, 0, 10, ...varint(code.length), ...code);
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)];
}
