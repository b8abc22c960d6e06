// The licences of the libraries that esbuild has put into dist/, as their authors ask: dist/THIRD-PARTY.txt.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Write the notices of every package that any of the builds took a file from. */
export function writeNotices(metafiles) {
  const inputs = metafiles.flatMap(({ inputs }) => Object.keys(inputs));
  const packages = new Set(inputs.map((path) => /^(node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]).filter((folder) => folder !== undefined));
  const notices = [...packages].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    const text = file !== undefined && existsSync(join(folder, file)) ? readFileSync(join(folder, file), "utf8").trim() : `${license}`;
    return `${name} ${version}\n\n${text}\n`;
  });
  writeFileSync("dist/THIRD-PARTY.txt", `Parts of these packages are bundled in this folder.\n\n${notices.join(`\n${"-".repeat(80)}\n\n`)}`);
}
