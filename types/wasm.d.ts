// A wasm file imported by name is its bytes as text: esbuild's "base64" loader.
declare module "*.wasm" {
  const base64: string;
  export default base64;
}
