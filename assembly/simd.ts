// The SIMD build: every kernel of index.ts, and those that make sense with vectors only.
export * from "./index";
