// What bundlers make of a program that imports the package, run in Node; wrangler's is in workerd.test.ts, Bun's in node.test.ts.
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { test } from "node:test";
import { build } from "esbuild";
import { rollup } from "rollup";
import { build as viteBuild } from "vite";
import webpack from "webpack";
import { assertGolden } from "../support/golden.ts";
import { NODES, PACKED } from "../support/paths.ts";

const ENTRY = `${PACKED}/in-executable.js`;

/** Bundle the program into one file; nothing of the package stays outside. */
const BUNDLERS: Record<string, (outfile: string) => Promise<void>> = {
  async esbuild(outfile) {
    await build({ entryPoints: [ENTRY], outfile, bundle: true, format: "esm", platform: "node", tsconfigRaw: {}, logLevel: "error" });
  },
  async rollup(outfile) {
    // Rollup itself knows no node_modules: its users give it a resolver.
    const resolver = { name: "package", resolveId: (id: string) => (id === "hybit" ? `${PACKED}/node_modules/hybit/dist/index.js` : null) };
    const bundle = await rollup({ input: ENTRY, external: /^node:/, plugins: [resolver] });
    await bundle.write({ file: outfile, format: "es" });
    await bundle.close();
  },
  async vite(outfile) {
    const name = outfile.slice(dirname(outfile).length + 1);
    await viteBuild({
      ...{ root: PACKED, configFile: false, logLevel: "error", ssr: { noExternal: ["hybit"] } },
      build: { ssr: ENTRY, outDir: dirname(outfile), emptyOutDir: false, rolldownOptions: { output: { entryFileNames: name } } },
    });
  },
  async webpack(outfile) {
    const options: webpack.Configuration = {
      ...{ mode: "production", target: "node20", entry: ENTRY, context: PACKED, experiments: { outputModule: true } },
      output: { path: dirname(outfile), filename: outfile.slice(dirname(outfile).length + 1), library: { type: "module" } },
    };
    await new Promise<void>((resolve, reject) => {
      webpack(options, (error, stats) => (error || stats?.hasErrors() ? reject(error ?? new Error(stats?.toString())) : resolve()));
    });
  },
};

for (const [name, bundle] of Object.entries(BUNDLERS)) {
  test(`what ${name} makes computes the golden vectors`, async () => {
    // Out of reach of the package.
    const outfile = `${PACKED}/bundled/${name}.mjs`;
    mkdirSync(dirname(outfile), { recursive: true });
    writeFileSync(`${PACKED}/bundled/package.json`, "{}");
    await bundle(outfile);
    const moved = `/tmp/hybit-${process.pid}-${name}.mjs`;
    execFileSync("cp", [outfile, moved]);
    try {
      assertGolden(
        execFileSync(NODES["24"], [moved, `${PACKED}/files`], { encoding: "utf8" })
          .trim()
          .split("\n"),
        { build: "simd" },
      );
    } finally {
      execFileSync("rm", [moved]);
    }
  });
}
