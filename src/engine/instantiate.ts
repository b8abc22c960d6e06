// One wasm instance of the kernels. The engine is handed a compiled module; it never compiles bytes itself,
// because some hosts (Cloudflare Workers) forbid that and all hosts can pass a module.
import { LoadError } from "../graph/errors.ts";

export interface Kernels {
  memory: WebAssembly.Memory;
  heapBase: number;
  /** True when the module is the SIMD build. */
  simd: boolean;
  /** Find a kernel by its export name. */
  find(name: string): (params: number) => void;
}

/** ABI_VERSION of assembly/abi.ts, compared when a module is handed in. */
const ABI_VERSION = 1;

export async function instantiateKernels(module: WebAssembly.Module): Promise<Kernels> {
  const { exports } = await WebAssembly.instantiate(module);
  const { memory, heap_base: heapBase, isa, abi_version: abiVersion } = exports;
  const initialize = exports._initialize;
  if (!(memory instanceof WebAssembly.Memory) || typeof heapBase !== "function" || typeof isa !== "function" || typeof abiVersion !== "function") {
    throw new LoadError("no-wasm", "the module that was passed in does not hold hybit's kernels; pass hybit/wasm/simd.wasm or scalar.wasm");
  }
  if (typeof initialize === "function") initialize();
  if (abiVersion() !== ABI_VERSION) {
    throw new LoadError(
      "no-wasm",
      `the module's kernels have interface ${abiVersion()} but this host needs ${ABI_VERSION}; use both from one release of hybit`,
    );
  }
  return {
    memory,
    heapBase: heapBase(),
    simd: isa() === 1,
    find(name) {
      const kernel = exports[name];
      if (typeof kernel !== "function")
        throw new LoadError("no-wasm", `the module has no kernel "${name}"; use module and host from one release of hybit`);
      return kernel as (params: number) => void;
    },
  };
}
