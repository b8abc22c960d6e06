// Which property names the run side's bundles may shorten: every one that nobody outside of them can see. Kept are the names of the
// language and the platform, of the file format (they come from a string at run time), of what users pass and get, and
// whatever the code also spells as a string. Doors that exchange objects must be built in one call.
import { readdirSync, readFileSync } from "node:fs";

const RUN_SIDE = /^src\/([^/]*|(graph|ops|kernels|format|engine|image|runtimes|threads)\/.*)\.ts$/;

/** Files whose types users see. */
const PUBLIC = /^src\/([^/]*|graph\/.*|format\/source|threads\/load|engine\/(load|model|plan|profile|top-k))\.ts$/;

/** What plans show of other files' types, and what wasm modules import and export; other exports have an underscore. */
const SHOWN = ["kernel why macs setup pack params tables scratchBytes threadBytes canWriteInPlace f32 input output span table scratch memory env"];

const wordsOf = (texts) => texts.flatMap((text) => text.match(/[A-Za-z_]\w*/g) ?? []);

const withoutComments = (text) => text.replace(/\/\*[\s\S]*?\*\/|\/\/ .*/g, "");

function readAll(folder, pattern) {
  const paths = readdirSync(folder, { recursive: true }).map((name) => `${folder}/${name}`);
  return paths.filter((path) => pattern.test(path) && !path.endsWith(".test.ts")).map((path) => withoutComments(readFileSync(path, "utf8")));
}

/** Match the names of properties that may be shortened. */
export function shortenedNames() {
  const sources = readAll("src", RUN_SIDE);
  const strings = sources.flatMap((text) => text.match(/"\w+"/g) ?? []);
  const platform = readAll("node_modules/typescript/lib", /\/lib\.(es5|es20\d\d|dom)[^/]*\.d\.ts$/);
  const kept = new Set(
    wordsOf([...platform, ...readAll("src", PUBLIC), readFileSync("src/format/generated/schema.ts", "utf8"), ...strings, ...SHOWN]),
  );
  const names = new Set(wordsOf(sources).filter((word) => !kept.has(word) && !word.includes("_")));
  return new RegExp(`^(${[...names].join("|")})$`);
}
