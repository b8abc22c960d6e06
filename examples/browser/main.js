// A drawing, classified in the page.
import { loadModel, topK } from "hybit";
import { preprocess, rasterize } from "hybit/image";

const model = await loadModel(await fetch("/node_modules/hybit/models/sketch10-hybrid.hybit"));
const { drawing } = JSON.parse((await (await fetch("drawing.ndjson")).text()).split("\n")[0]);
const input = preprocess(rasterize(drawing), model);
const [best] = topK(model.run({ input }).logits, 1, model.metadata.labels);
document.querySelector("#answer").textContent = best.label;
