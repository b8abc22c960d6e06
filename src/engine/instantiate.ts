// One wasm instance of the kernels. The engine is handed a compiled module; it never compiles bytes itself,
// because some hosts (Cloudflare Workers) forbid that and all hosts can pass a module.
import type { Checks } from "../format/source.ts";
import { LoadError } from "../graph/errors.ts";
import type { Plan, Step } from "./plan.ts";

export interface Kernels {
  memory: WebAssembly.Memory;
  heapBase: number;
  /** True when the module is the SIMD build. */
  simd: boolean;
  /** Of bytes and numbers in `memory`. */
  checks: Checks;
  /** How many threads share kernels that split; absent: one. */
  threads?: number;
  /** Find a kernel by its export name, for a step of a plan or without. Several threads may share its calls, whatever part they name. */
  find(name: string, plan?: Plan, step?: Step): (params: number, part: number, parts: number) => unknown;
}

/** ABI_VERSION of assembly/abi.ts, compared when a module is handed in. */
const ABI_VERSION = 1;

const CURE = "pass hybit/wasm/simd.wasm or scalar.wasm of this release";

/** Start an instance of `module`; throws LoadError unless it holds the kernels of this release. The build for threads imports its memory. */
export async function instantiateKernels(module: WebAssembly.Module, imports?: WebAssembly.Imports): Promise<Kernels> {
  const { exports } = await WebAssembly.instantiate(module, imports);
  const find = (name: string) => {
    const found = exports[name];
    if (typeof found === "function") return found as (...numbers: number[]) => number;
    throw new LoadError("no-wasm", `the module has no function "${name}"; ${CURE}`);
  };
  const version = find("abi_version")();
  if (version !== ABI_VERSION) {
    throw new LoadError("no-wasm", `the module has version ${version} but this hybit reads ${ABI_VERSION}; ${CURE}`);
  }
  find("_initialize")();
  const checks: Checks = {
    crc32: ({ byteOffset, length }, before) => find("crc32")(byteOffset, length, before) >>> 0,
    countFinite: ({ byteOffset, length }) => find("count_finite")(byteOffset, length),
  };
  return { memory: exports.memory as WebAssembly.Memory, heapBase: find("heap_base")(), simd: find("isa")() === 1, checks, find };
}
