// The kernel boundary seen from both sides: parameter blocks, the kernel table, and what the modules import. Reads
// build/wasm as it is and builds nothing.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { instantiateSync } from "@assemblyscript/loader";
import { planGraph } from "../../src/engine/planner.ts";
import { readModelBytes } from "../../src/format/materialize.ts";
import { writeModel } from "../../src/format/write.ts";
import type { OpName } from "../../src/graph/attributes.ts";
import { KERNELS } from "../../src/kernels/table.ts";
import type { StepDraft, Type } from "../../src/ops/op.ts";
import { OPS } from "../../src/ops/table.ts";
import { everyOpGraph } from "../support/every-op.ts";

const FIELD_BYTES = 4;
const MODULES = ["mvp", "scalar", "simd", "threads"] as const;

/** Functions of a module that are not kernels: assembly/index.ts itself, the start function of asc, and what threads meet by. */
const NOT_KERNELS = /^(heap_base|abi_version|isa|crc32|count_finite|_initialize|pool_\w+)$/;

type Debug = { describe(op: number): number };

function openModule(name: (typeof MODULES)[number]): WebAssembly.Module {
  return new WebAssembly.Module(readFileSync(`build/wasm/${name}.wasm`));
}

/** One call of each op. All calls of an op must fill the same fields. */
function draftEveryOp(): Map<OpName, StepDraft> {
  const { graph } = readModelBytes(writeModel(everyOpGraph()));
  const { steps } = planGraph(graph, 1, { kernels: "auto", simd: true, maxMemory: 2 ** 20 });
  const drafts = new Map<OpName, StepDraft>();
  for (const step of steps) {
    const known = drafts.get(step.op);
    if (known) assert.deepEqual(Object.keys(step.params), Object.keys(known.params), `two calls of ${step.op} differ in their fields`);
    drafts.set(step.op, step);
  }
  // The graph's reshape is of f32, which runs nothing.
  const output: Type = { type: "bits", shape: [1, 8] };
  drafts.set(
    "reshape",
    OPS.reshape.prepare({ shape: [1, 8] }, { inputs: [{ type: "bits", shape: [1, 2, 2, 2] }], output, kernels: "auto", simd: true, threads: 1 }),
  );
  return drafts;
}

test("every parameter block has the same fields in the same order on both sides", () => {
  const debug = instantiateSync<Debug>(readFileSync("build/wasm/debug.wasm"), {});
  const { __newString, __getString } = debug.exports;
  const differences: string[] = [];
  const drafts = draftEveryOp();
  assert.deepEqual([...drafts.keys()].sort(), Object.keys(OPS).sort(), "ops that were drafted");
  for (const [op, { params }] of drafts) {
    const kernelSide = __getString(debug.exports.describe(__newString(op)));
    const hostSide = Object.keys(params)
      .map((name, index) => `${name}:${FIELD_BYTES * index};`)
      .join("");
    if (kernelSide !== hostSide) differences.push(`${op}\n  kernels ${kernelSide}\n  host    ${hostSide}`);
  }
  assert.deepEqual(differences, []);
});

test("the modules export every kernel of the table, and nothing else", () => {
  const all = KERNELS.map(({ name }) => name);
  assert.equal(all.length, new Set(all).size, "a kernel has two rows");
  for (const name of MODULES) {
    const listed = KERNELS.filter(({ simd }) => !simd || name === "simd" || name === "threads").map((kernel) => kernel.name);
    const exported = WebAssembly.Module.exports(openModule(name)).filter(({ kind }) => kind === "function");
    const kernels = exported.map((entry) => entry.name).filter((entry) => !NOT_KERNELS.test(entry));
    assert.deepEqual(kernels.sort(), listed.sort(), `exports of ${name}.wasm`);
  }
});

test("every kernel is named after its op", () => {
  const wrong = KERNELS.filter(({ name, op }) => !name.startsWith(`${op}_`)).map(({ name }) => name);
  assert.deepEqual(wrong, []);
});

test("the modules import nothing, but for the memory that threads share", () => {
  for (const name of MODULES) {
    const allowed = name === "threads" ? [{ module: "env", name: "memory", kind: "memory" }] : [];
    assert.deepEqual(WebAssembly.Module.imports(openModule(name)), allowed, `imports of ${name}.wasm`);
  }
});

test("kernels that split, and no others, take a part and a number of parts", () => {
  const { exports } = new WebAssembly.Instance(openModule("simd"));
  const wrong = KERNELS.filter(({ name, splits }) => (exports[name] as CallableFunction).length !== (splits ? 3 : 1)).map(({ name }) => name);
  assert.deepEqual(wrong, []);
});

test("every block of a layer says how much scratch each thread has", () => {
  const drafts = [...draftEveryOp().values()].filter(({ params }) => "threadBytes" in params);
  for (const { kernel, params, threadBytes } of drafts) assert.equal(params.threadBytes, threadBytes, kernel);
  assert.ok(drafts.length > 0);
});

test("the mvp module uses no feature beyond the first version of WebAssembly", () => {
  const validate = (name: string) =>
    spawnSync("node_modules/.bin/wasm-opt", ["--mvp-features", `build/wasm/${name}.wasm`, "-o", "/dev/null"], { encoding: "utf8" });
  const mvp = validate("mvp");
  assert.equal(mvp.status, 0, mvp.stderr);
  assert.notEqual(validate("simd").status, 0, "the validator lets SIMD pass, so it proves nothing");
});
