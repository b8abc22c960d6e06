// A wasm file imported by name is its bytes: esbuild's "binary" loader.
declare module "*.wasm" {
  const bytes: Uint8Array;
  export default bytes;
}
