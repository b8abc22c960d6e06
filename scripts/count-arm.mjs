// Counts the instructions that V8 makes of the micro bench's inner loops on ARM, per 128 multiply-accumulates, from the log of an emulator. Times
// there mean nothing; counts do. Prints a table for docs/performance.md.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { FOLDER, runNode } from "./arm.mjs";

const LOOPS = join("build", "arm-loops.mjs");
const LOG = join(FOLDER, "in_asm.log");
/** Optimised code at once; nothing of it is lazy. */
const FLAGS = ["--no-liftoff", "--no-wasm-lazy-compilation"];
const CHILD = `const module = new WebAssembly.Module(require("fs").readFileSync(process.argv[1]));
new WebAssembly.Instance(module, { env: { abort() {} } }).exports[process.argv[2]](2, 4096);`;

/** Find the loop with the most vector instructions in code that V8 made; returns how often it has each. */
function countLoop(log) {
  const code = new Map();
  for (const [, at, text] of log.matchAll(/^0x([0-9a-f]+): {2}[0-9a-f]{8} {2}(.*)$/gm)) code.set(Number.parseInt(at, 16), text.trim().split(/\s+/));
  let best = { vectors: 0, counts: {} };
  for (const [end, [name, ...operands]] of code) {
    const start = Number.parseInt(/^#0x([0-9a-f]+)$/.exec(operands.at(-1) ?? "")?.[1] ?? "", 16);
    // Node itself lies below 4 GiB; a loop longer than this is the function's own body.
    if (!/^(b|b\.\w+|cbn?z|tbn?z)$/.test(name) || end < 2 ** 32 || !(start < end) || end - start > 40000) continue;
    const counts = {};
    let vectors = 0;
    for (let at = start; at <= end; at += 4) {
      const [op = "unseen", ...rest] = code.get(at) ?? [];
      const isVector = /\bq\d+|\bv\d+\./.test(rest.join());
      vectors += Number(isVector);
      const key = isVector ? `${op}, vector` : op;
      counts[key] = (counts[key] ?? 0) + 1;
    }
    // Unseen: not all of it ran, so it is more than a loop.
    if (!counts.unseen && vectors > best.vectors) best = { vectors, counts };
  }
  return best.counts;
}

mkdirSync(FOLDER, { recursive: true });
await build({
  entryPoints: ["bench/micro/loops.ts"],
  outfile: LOOPS,
  bundle: true,
  format: "esm",
  platform: "node",
  packages: "external",
  logLevel: "warning",
});
const { compileLoops, SHOWN } = await import(`../${LOOPS}`);
console.log("| loop | instructions per 128 MACs | vector arithmetic | vector loads, stores | the rest: addresses, indices, turns |");
console.log("| --- | ---: | ---: | ---: | ---: |");
for (const shown of SHOWN.filter(({ rule }) => rule === "peak")) {
  const { variant, loop } = shown;
  const path = join(FOLDER, `${loop.name}.wasm`);
  writeFileSync(path, await compileLoops([shown]));
  runNode(["-d", "in_asm", "-D", LOG], ...FLAGS, "-e", CHILD, path, loop.name);
  const counts = countLoop(readFileSync(LOG, "latin1"));
  const sum = (test) => Object.entries(counts).reduce((total, [op, count]) => total + (test(op) ? count : 0), 0);
  // The tile's loop is short and V8 unrolls it: its products say how far.
  const macs = counts["fmul, vector"] ? 4 * counts["fmul, vector"] : loop.macs / 32;
  const isMove = (op) => /^(ld|st)\w+, vector$/.test(op);
  const isSum = (op) => op.endsWith(", vector") && !isMove(op);
  const parts = [() => true, isSum, isMove, (op) => !isSum(op) && !isMove(op)].map((test) => ((sum(test) * 128) / macs).toPrecision(3));
  console.log(`| ${variant} | ${parts.join(" | ")} |`);
}
rmSync(LOOPS);
rmSync(LOG);
