// Writes the tables of docs/papers.md: the papers' networks, their costs by the published models, and with --measure the sizes of their files and
// how long they take here, beside onnxruntime-web. `--check` writes nothing and fails when the costs in the page are not those of the code.
//   node scripts/papers.mjs [--check | --measure [--only NET]]
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { buildZoo, estimateCost, exportOnnx, measureZoo, writeModel, ZOO } from "../dist/convert.js";
import { loadModel } from "../dist/index.js";

const PAGE = "docs/papers.md";
const SPELLED = { fprec: "FPrec", wbin: "WBin", hybrid1: "Hybrid-1", hybrid: "Hybrid-2", hybrid3: "Hybrid-3", fbin: "FBin" };
/** Pixels of a side that the printed numbers are of, where it is not the net's own. */
const SIZES = { "resnet18-he": 225 };
/** Millions of equivalent MACs as Prabhu et al. (2018) plot them. */
const PRINTED = {
  "alexnet-2012": { wbin: 1135, hybrid1: 180, hybrid: 143, fbin: 127 },
  sketchanet: { wbin: 608, hybrid1: 89, hybrid: 82, fbin: 82 },
  "resnet18-he": { wbin: 2049, hybrid1: 942, hybrid: 450, fbin: 153 },
  squeezenet: { wbin: 444, hybrid1: 278, hybrid: 220, hybrid3: 213, fbin: 177 },
};
/** Memory saved, with a real last layer and with a binary one, as the study behind this project derived it. */
const RATIOS = { "alexnet-2012": [10.5, 31.5], sketchanet: [21.1, 30.4], "resnet18-he": [13.4, 31.2] };
const NETS = ["alexnet-2012", "sketchanet", "resnet18-he", "squeezenet", "googlenet", "cifarvgg"];
/** Turns of every contestant; the least counts. */
const ROUNDS = 5;
/** Exports above this are not given to the peer. */
const MOST_BYTES = 300 * 2 ** 20;

const variantsOf = (net) => Object.keys(SPELLED).filter((variant) => ZOO[net].variants.includes(variant));
const optionsOf = (net, variant) => ({ variant, ...(SIZES[net] && { size: SIZES[net] }) });

function table(heads, rows) {
  return [heads, heads.map((_, column) => (column < 2 ? "---" : "---:")), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function layOutCosts() {
  const heads = [
    "net",
    "variant",
    "MMACs",
    "equivalent",
    "printed",
    "weights saved",
    "derived",
    "last layer binary too",
    "derived",
    "energy: MACs",
    "weights",
    "inputs, mJ",
  ];
  const rows = NETS.flatMap((net) =>
    variantsOf(net).map((variant) => {
      const { macs, equivalentMacs, memoryRatio, joules } = estimateCost(measureZoo(net, optionsOf(net, variant)));
      const binary = variant === "fprec" ? undefined : estimateCost(measureZoo(net, { ...optionsOf(net, variant), last: "binary" })).memoryRatio;
      const [real, both] = variant === "fprec" ? [] : (RATIOS[net] ?? []);
      const ratio = (number) => (number === undefined ? "" : `${number.toFixed(1)}x`);
      const milli = (energy) => (1e3 * energy).toPrecision(3);
      const printed = PRINTED[net]?.[variant] ?? "";
      return [
        net,
        SPELLED[variant],
        (macs / 1e6).toFixed(0),
        (equivalentMacs / 1e6).toFixed(1),
        printed,
        ratio(memoryRatio),
        ratio(real),
        ratio(binary),
        ratio(both),
        milli(joules.arithmetic),
        milli(joules.weights),
        milli(joules.activations),
      ];
    }),
  );
  return table(heads, rows);
}

/** Milliseconds of a call, the least of some; the contestants take turns. */
async function race(contestants) {
  const least = contestants.map(() => Number.POSITIVE_INFINITY);
  for (let round = -1; round < ROUNDS; round++) {
    for (const [index, { run }] of contestants.entries()) {
      const start = performance.now();
      await run();
      if (round >= 0) least[index] = Math.min(least[index], performance.now() - start);
    }
  }
  return least;
}

async function openPeer() {
  const require = createRequire(new URL("../bench/package.json", import.meta.url));
  const peer = require("onnxruntime-web");
  peer.env.wasm.numThreads = 1;
  peer.env.logLevel = "error";
  return peer;
}

async function measureNet(net, peer) {
  const models = [];
  for (const variant of variantsOf(net)) {
    const graph = buildZoo(net, optionsOf(net, variant));
    const bytes = writeModel(graph);
    const model = await loadModel(bytes, { maxMemory: 2 ** 31, checkFinite: false });
    const [{ name, shape }] = model.inputs;
    const x = new Float32Array(shape.reduce((product, dim) => product * Math.abs(dim), 1)).map((_, i) => Math.sin(i));
    models.push({
      variant,
      fileBytes: bytes.length,
      run: () => model.run({ [name]: x }),
      model,
      name,
      shape,
      x,
      onnx: variant === "fprec" ? exportOnnx(graph) : undefined,
    });
  }
  const [{ onnx, name, shape, x }] = models;
  const contestants = [...models];
  if (onnx.length <= MOST_BYTES) {
    const session = await peer.InferenceSession.create(onnx, { executionProviders: ["wasm"], logSeverityLevel: 3 });
    const feeds = { [name]: new peer.Tensor("float32", x, shape.map(Math.abs)) };
    contestants.push({ run: () => session.run(feeds) });
  }
  const times = await race(contestants);
  const rival = times[models.length];
  const rows = models.map(({ variant, fileBytes }, index) => {
    const times_ = (other) => (other === undefined ? "" : `${(other / times[index]).toFixed(other / times[index] < 10 ? 2 : 1)}x`);
    return [net, SPELLED[variant], fileBytes.toLocaleString("en"), times[index].toFixed(times[index] < 10 ? 2 : 1), times_(times[0]), times_(rival)];
  });
  for (const { model } of models) model.dispose();
  if (rival !== undefined) rows.push([net, "FPrec in onnxruntime-web", "", rival.toFixed(1), "", ""]);
  return rows;
}

function replacePart(page, part, text) {
  const [start, end] = [`<!-- papers ${part} -->`, `<!-- end of ${part} -->`];
  const [from, to] = [page.indexOf(start), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${PAGE} has no place for "${part}": put the lines "${start}" and "${end}" into it`);
  return `${page.slice(0, from + start.length)}\n${text}\n${page.slice(to)}`;
}

const args = process.argv.slice(2);
const page = readFileSync(PAGE, "utf8");
let written = replacePart(page, "costs", layOutCosts());
if (args.includes("--check")) {
  if (written !== page) {
    console.error(`${PAGE} is out of date; run "node scripts/papers.mjs" and commit`);
    process.exit(1);
  }
  console.log(`${PAGE} has the costs of the code`);
} else {
  if (args.includes("--measure")) {
    const only = args.includes("--only") ? args[args.indexOf("--only") + 1] : undefined;
    const peer = await openPeer();
    const rows = [];
    for (const net of NETS.filter((name) => only === undefined || name === only)) {
      console.error(net);
      rows.push(...(await measureNet(net, peer)));
    }
    const heads = ["net", "variant", "file, bytes", "ms", "speed-up over FPrec", "over onnxruntime-web's FPrec"];
    const times = table(heads, rows);
    if (only === undefined) written = replacePart(written, "times", times);
    else console.log(times);
  }
  writeFileSync(PAGE, written);
  console.log(`wrote ${PAGE}`);
}
process.exit(0);
