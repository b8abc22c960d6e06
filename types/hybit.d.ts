// The package by its name, as examples import it: types are checked before anything is built.
declare module "hybit" {
  type Door = typeof import("../src/index.ts");
  export type Model = import("../src/index.ts").Model;
  export type Source = import("../src/index.ts").Source;
  export const loadModel: Door["loadModel"];
  export const topK: Door["topK"];
}

declare module "hybit/image" {
  type Door = typeof import("../src/image.ts");
  export type Pixels = import("../src/image.ts").Pixels;
  export type Strokes = import("../src/image.ts").Strokes;
  export const preprocess: Door["preprocess"];
  export const rasterize: Door["rasterize"];
}
