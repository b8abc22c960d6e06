// Deno 2: deno add npm:hybit, then deno run --allow-read main.ts drawing.ndjson
import { loadModel, topK } from "hybit";
import { preprocess, rasterize } from "hybit/image";

const model = await loadModel(await Deno.readFile(new URL(import.meta.resolve("hybit/models/sketch10-hybrid.hybit"))));
const [line] = (await Deno.readTextFile(Deno.args[0] ?? "drawing.ndjson")).split("\n");
const input = preprocess(rasterize(JSON.parse(line).drawing), model);
console.log(topK(model.run({ input }).logits, 1, model.metadata.labels)[0].label);
