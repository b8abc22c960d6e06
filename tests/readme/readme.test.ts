// Every block of the README marked "run" is executed as it stands, against the built package.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";

const blocks = [...readFileSync("README.md", "utf8").matchAll(/^```(\w+) run\n([\s\S]*?)^```/gm)].map(([, language = "", text = ""]) => ({
  language,
  text,
}));

test("the README has blocks to run", () => {
  assert.deepEqual(new Set(blocks.map(({ language }) => language)), new Set(["js", "sh"]));
});

for (const [index, { language, text }] of blocks.entries()) {
  test(`README block ${index + 1} (${language}) runs`, () => {
    if (language === "js") {
      // Inside the package, so that "hybit" is this package.
      mkdirSync("build/readme", { recursive: true });
      const path = `build/readme/block-${index + 1}.mjs`;
      writeFileSync(path, text);
      const output = execFileSync(process.execPath, [path], { encoding: "utf8" }).trim();
      const expected = [...text.matchAll(/console\.log.*\/\/ (.*)$/gm)].map(([, comment]) => comment).join("\n");
      assert.equal(output, expected);
      return;
    }
    for (const line of text.trim().split("\n")) {
      assert.match(line, /^npx hybit /);
      const output = execFileSync(process.execPath, ["dist/cli.js", ...line.split(" ").slice(2)], { encoding: "utf8" });
      assert.notEqual(output.trim(), "", line);
    }
  });
}
