// Every example as its first lines say to run it, on a drawing of a cat.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync } from "node:fs";
import { test } from "node:test";
import { build } from "esbuild";
import { chromium } from "playwright-core";
import { servePages } from "../support/page-server.ts";
import { BUN, CHROMIUM, DENO, NODES, PACKED, QUIET } from "../support/paths.ts";

const FOLDER = `${PACKED}/examples`;
cpSync("examples", FOLDER, { recursive: true });
for (const name of ["node", "deno", "bun", "browser"]) cpSync("examples/drawings/cat.ndjson", `${FOLDER}/${name}/drawing.ndjson`);

const LINES: Record<string, [command: string, ...args: string[]]> = {
  node: [NODES["20"], "main.mjs"],
  deno: [DENO, "run", "--allow-read", "main.ts"],
  bun: [BUN, "main.ts", "drawing.ndjson"],
};

for (const [name, [command, ...args]] of Object.entries(LINES)) {
  test(`examples/${name} recognises a cat`, () => {
    assert.equal(execFileSync(command, args, { cwd: `${FOLDER}/${name}`, encoding: "utf8" }).trim(), "cat");
  });
}

test("examples/bun becomes one executable, the model in it", () => {
  const cwd = `${FOLDER}/bun`;
  execFileSync(BUN, ["build", "--compile", "main.ts", "--outfile", "main"], { cwd, stdio: "ignore" });
  execFileSync("cp", ["main", "drawing.ndjson", "/tmp"], { cwd });
  assert.equal(execFileSync("/tmp/main", ["drawing.ndjson"], { cwd: "/tmp", encoding: "utf8" }).trim(), "cat");
});

/** Open an example's page, do something, and return its answer once there is one. */
async function readAnswer(name: string, start: string | undefined): Promise<string | null> {
  await using pages = await servePages();
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: [...QUIET, "--autoplay-policy=no-user-gesture-required"] });
  try {
    const page = await browser.newPage();
    await page.goto(`${pages.url}examples/${name}/index.html`);
    if (start) await page.click(start);
    const answer = page.locator("#answer");
    await page.waitForFunction(() => !["loading …", "silent", "ready"].includes(document.querySelector("#answer")?.textContent ?? "silent"));
    return await answer.textContent();
  } finally {
    await browser.close();
  }
}

test("examples/browser recognises a cat", async () => {
  assert.equal(await readAnswer("browser", undefined), "cat");
});

test("examples/audio-worklet classifies on the audio thread", async () => {
  const folder = `${FOLDER}/audio-worklet`;
  await build({ entryPoints: [`${folder}/worklet.js`], bundle: true, format: "esm", outfile: `${folder}/worklet.bundle.js`, tsconfigRaw: {} });
  const labels = "apple bicycle bowtie cat diamond eye fish lollipop rainbow train".split(" ");
  assert.ok(labels.includes((await readAnswer("audio-worklet", "button")) ?? ""));
});
