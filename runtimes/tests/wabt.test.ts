// The WebAssembly Binary Toolkit's interpreter: no compiler, no JavaScript. Whole runs give the words that V8 gives.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { test } from "node:test";
import { PACKED } from "../support/paths.ts";
import { writeRun } from "../support/wast.ts";

const FILES = ["sketch10-hybrid", "sketch10-fbin", "bytes", "every-op", "random-5"];

for (const build of ["mvp", "scalar", "simd"]) {
  test(`wabt's interpreter computes what V8 does, ${build}`, async () => {
    for (const file of FILES) {
      const path = `${PACKED}/${file}-${build}`;
      writeFileSync(`${path}.wast`, await writeRun(`${PACKED}/node_modules/hybit/dist/wasm/${build}.wasm`, `${PACKED}/files/${file}.hybit`));
      execFileSync("wast2json", [`${path}.wast`, "-o", `${path}.json`]);
      const said = execFileSync("spectest-interp", [`${path}.json`], { encoding: "utf8" });
      const [, passed, all] = /(\d+)\/(\d+) tests passed/.exec(said) ?? [];
      assert.ok(Number(all) > 0 && passed === all, said);
    }
  });
}
