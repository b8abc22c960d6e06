// What hosts make of files imported by name.
declare module "hybit/wasm/*" {
  const module: WebAssembly.Module;
  export default module;
}
declare module "hybit/models/*" {
  const bytes: ArrayBuffer;
  export default bytes;
}
