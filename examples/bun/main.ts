// Bun: bun add hybit, then bun main.ts drawing.ndjson; or bun build --compile main.ts, which takes the model along.
import { loadModel, topK } from "hybit";
import { preprocess, rasterize } from "hybit/image";
import file from "hybit/models/sketch10-hybrid.hybit" with { type: "file" };

const model = await loadModel(await Bun.file(file).arrayBuffer());
const [line] = (await Bun.file(Bun.argv[2] ?? "drawing.ndjson").text()).split("\n");
const input = preprocess(rasterize(JSON.parse(line).drawing), model);
console.log(topK(model.run({ input }).logits, 1, model.metadata.labels)[0].label);
