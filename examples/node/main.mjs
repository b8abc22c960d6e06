// Node 20 or newer: npm install hybit, then node main.mjs drawing.ndjson
import { readFile } from "node:fs/promises";
import { loadModel, topK } from "hybit";
import { preprocess, rasterize } from "hybit/image";

const model = await loadModel(await readFile(new URL(import.meta.resolve("hybit/models/sketch10-hybrid.hybit"))));
const [line] = (await readFile(process.argv[2] ?? "drawing.ndjson", "utf8")).split("\n");
const input = preprocess(rasterize(JSON.parse(line).drawing), model);
console.log(topK(model.run({ input }).logits, 1, model.metadata.labels)[0].label);
