// Runs the package, as npm would install it, in every runtime it is for: runtimes/tests. Installs what is missing of the
// runtimes (npm, Debian) first; one that cannot be installed fails the run. `--only TEXT` as in scripts/test.mjs.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import { ensureBuilt } from "./ensure-built.mjs";

/** Debian packages, by a file of each. */
const DEBIAN = {
  "/usr/bin/chromium": "chromium",
  "/usr/bin/firefox-esr": "firefox-esr",
  "/usr/bin/WebKitWebDriver": "webkit2gtk-driver",
  "/usr/bin/xvfb-run": "xvfb",
  "/usr/bin/jsc": "libjavascriptcoregtk-4.0-bin",
  "/usr/bin/spectest-interp": "wabt",
};
const FOLDER = "build/runtimes";
/** What npm makes of the lockfile: older than that, the folder is out of date. */
const INSTALLED = "runtimes/node_modules/.package-lock.json";

const args = process.argv.slice(2);
const only = args.includes("--only") ? args[args.indexOf("--only") + 1] : "";

function run(command, rest, options) {
  const { status, error } = spawnSync(command, rest, { stdio: "inherit", ...options });
  if (error !== undefined) console.error(`${command}: ${error.message}`);
  if (status !== 0) process.exit(status ?? 1);
}

const missing = Object.keys(DEBIAN).filter((path) => !existsSync(path));
if (missing.length > 0) {
  const packages = missing.map((path) => DEBIAN[path]);
  console.log(`installing ${packages.join(", ")} ...`);
  const quiet = { stdio: ["ignore", "ignore", "inherit"], env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } };
  run("apt-get", ["update", "-qq"], quiet);
  run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...packages], quiet);
}
const isInstalled = existsSync(INSTALLED) && statSync(INSTALLED).mtimeMs >= statSync("runtimes/package-lock.json").mtimeMs;
if (!isInstalled) run("npm", ["ci", "--no-audit", "--no-fund"], { cwd: "runtimes" });
ensureBuilt();
// What uses the package is checked here, where the hosts' own types are.
run("npx", ["--no-install", "tsc", "-p", "tsconfig.users.json"]);

// The package in a folder beside no sources, so that only what is published is found.
rmSync(FOLDER, { recursive: true, force: true });
mkdirSync(join(FOLDER, "node_modules/hybit"), { recursive: true });
const packed = JSON.parse(
  execFileSync("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", FOLDER], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  }),
);
const [{ filename }] = Object.values(packed);
run("tar", ["-xzf", join(FOLDER, filename), "-C", join(FOLDER, "node_modules/hybit"), "--strip-components=1"]);

const tests = readdirSync("runtimes/tests", { recursive: true })
  .map((name) => join("runtimes/tests", String(name)))
  .filter((name) => name.endsWith(".test.ts") && name.includes(only))
  .sort();
if (tests.length === 0) {
  console.error(`no file of runtimes/tests has "${only}" in its path`);
  process.exit(1);
}
await build({
  entryPoints: [...tests, "runtimes/support/prepare.ts"],
  outdir: join(FOLDER, "tests"),
  outbase: "runtimes",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node22",
  sourcemap: "inline",
  packages: "external",
  loader: { ".wasm": "base64" },
  logLevel: "warning",
});
// So that tests find what is installed there, and else what the project has.
symlinkSync(resolve("runtimes/node_modules"), join(FOLDER, "tests/node_modules"));
const bundled = (path) => join(FOLDER, "tests", path.slice("runtimes/".length).replace(/\.ts$/, ".js"));
// Wrangler and miniflare need Node 22 or newer.
const node = (...rest) => run("runtimes/node_modules/n24/bin/node", ["--enable-source-maps", ...rest]);
node(bundled("runtimes/support/prepare.ts"));
node("--test", "--test-concurrency=1", ...tests.map(bundled));
