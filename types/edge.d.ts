// What Workers and edge runtimes make of a wasm file imported by name.
declare module "*.wasm?module" {
  const module: WebAssembly.Module;
  export default module;
}
