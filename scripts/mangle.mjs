// Which property names the run side's bundles may shorten: every one that nobody outside of them can see. Kept are the names of the
// language and the platform, of the file format (they come from a string at run time), of what users pass and get, and
// whatever the code also spells as a string. Each bundle gets short names of its own, so what bundles exchange is kept too.
import { readdirSync, readFileSync } from "node:fs";
import { build } from "esbuild";

/** Declarations that users see. */
const PUBLIC =
  /^\/([^/]*|graph\/.*|image\/.*|runtimes\/.*|format\/source|threads\/load|pool\/(pool|messages)|engine\/(load|model|plan|profile|top-k))\.d\.ts$/;

/** What plans show of other files' types, what helper threads are posted, and what wasm modules import and export; other exports have an underscore. */
const SHOWN =
  "kernel why candidates macs setup pack params tables scratchBytes threadBytes canWriteInPlace f32 input output span table scratch module memory control part env";

const wordsOf = (text) => text.match(/[A-Za-z_]\w*/g) ?? [];

function readAll(folder, pattern) {
  const paths = readdirSync(folder, { recursive: true }).map((name) => `/${name}`);
  const texts = paths.filter((path) => pattern.test(path)).map((path) => readFileSync(folder + path, "utf8"));
  return texts.join("\n").replace(/\/\*[\s\S]*?\*\/|\/\/ .*/g, "");
}

/** Match the names of properties that bundles of these entry points may shorten; `types` is the folder of their declarations. */
export async function shortenedNames(entryPoints, types) {
  const { outputFiles } = await build({
    ...{ entryPoints, bundle: true, format: "esm", write: false, outdir: "dist", external: ["node:*"] },
    loader: { ".wasm": "empty" },
  });
  // Without types and comments.
  const code = outputFiles.map(({ text }) => text).join("\n");
  const strings = code.match(/"\w+"/g) ?? [];
  const platform = readAll("node_modules/typescript/lib", /\/lib\.(es5|es20\d\d|dom)[^/]*\.d\.ts$/);
  const node = readAll("node_modules/@types/node", /\/(worker_threads|os|events|process|stream)\.d\.ts$/);
  const schema = readFileSync("src/format/generated/schema.ts", "utf8");
  const kept = new Set([platform, node, readAll(types, PUBLIC), schema, SHOWN, ...strings].flatMap(wordsOf));
  const names = new Set(wordsOf(code).filter((word) => !kept.has(word) && !word.includes("_")));
  return new RegExp(`^(${[...names].join("|")})$`);
}
