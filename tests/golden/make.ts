// Made the golden files of this folder. They stay as they are for ever: a file once made is never made again, and
// a new container or schema version adds files with its number.
//
//   npx esbuild tests/golden/make.ts --bundle --platform=node --format=esm --packages=external | node --input-type=module
import { existsSync, writeFileSync } from "node:fs";
import { writeModel } from "../../src/format/write.ts";
import { bytesNet } from "../support/bytes-net.ts";
import { everyOpGraph } from "../support/every-op.ts";
import { Random } from "../support/random.ts";
import { GraphBuilder } from "../support/random-graph.ts";
import { describeModel } from "./describe.ts";

function smallest(): Uint8Array {
  const builder = new GraphBuilder();
  builder.output(builder.add("activation", { kind: "relu", alpha: 0, beta: 0 }, builder.input("x", [1, 1])));
  builder.graph.name = "";
  return writeModel(builder.graph);
}

/** Channel counts on both sides of a word. */
function wide(): Uint8Array {
  const random = new Random(11);
  const builder = new GraphBuilder();
  const layer = { inputScale: 1, inputZeroPoint: 0 } as const;
  let x = builder.input("features", [1, 33]);
  x = builder.add("binarize", {}, x);
  const sign = { kind: "sign", data: random.words(32, 33), alpha: random.floats(32, 0.1, 1) } as const;
  const thresholds = { values: Int32Array.from({ length: 32 }, (_, i) => i - 16), flips: random.words(1, 32) };
  x = builder.add("dense", { ...layer, inputKind: "binary", inFeatures: 33, outFeatures: 32, weights: sign, thresholds }, x);
  const levels = { kind: "two-level", data: random.words(3, 32), alpha: random.floats(3), beta: random.floats(3), bias: random.floats(3) } as const;
  builder.output(builder.add("dense", { ...layer, inputKind: "binary", inFeatures: 32, outFeatures: 3, weights: levels }, x));
  builder.graph.name = "wide";
  return writeModel(builder.graph);
}

/** Layers with an epilogue: of everything, and of nothing but a clip. */
function epilogues(): Uint8Array {
  const random = new Random(13);
  const builder = new GraphBuilder();
  const x = builder.input("features", [1, 3]);
  const layer = { inputKind: "float", inputScale: 1, inputZeroPoint: 0, inFeatures: 3, outFeatures: 3 } as const;
  const weights = { kind: "sign", data: random.words(3, 3), alpha: random.floats(3) } as const;
  const constants = { slope: random.floats(3), scale: random.floats(3), bias: random.floats(3) };
  const y = builder.add("dense", { ...layer, weights, epilogue: { hasResidual: true, addsLast: true, ...constants, low: -2, high: 3 } }, x, x);
  const data = random.floats(9);
  builder.output(
    builder.add("dense", { ...layer, weights: { kind: "float", data }, epilogue: { hasResidual: false, addsLast: false, low: 0, high: 6 } }, y),
  );
  builder.graph.name = "epilogues";
  return writeModel(builder.graph);
}

const FILES: Record<string, () => Uint8Array> = {
  "v1-smallest": smallest,
  "v1-wide": wide,
  "v1-every-op": () => writeModel(everyOpGraph(2)),
  "v2-epilogues": epilogues,
  "v3-bytes": () => writeModel(bytesNet({ input: true, between: true })),
};

for (const [name, make] of Object.entries(FILES)) {
  const path = `tests/golden/${name}`;
  if (existsSync(`${path}.hybit`)) {
    console.log(`${path}.hybit stays as it is`);
    continue;
  }
  const bytes = make();
  writeFileSync(`${path}.hybit`, bytes);
  writeFileSync(`${path}.txt`, `${describeModel(bytes)}\n`);
  console.log(`wrote ${path}.hybit, ${bytes.length} bytes`);
}
