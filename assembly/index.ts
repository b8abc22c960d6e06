// Every kernel of the engine, one export line each; the host's list is src/kernels/table.ts.
export { ABI_VERSION } from "./abi";
export { activation_f32 } from "./ops/activation/f32";

/** First byte that the host may use. */
export function heap_base(): usize {
  return __heap_base;
}
