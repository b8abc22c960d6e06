// Where the runtimes lie, from the repository's root.
import { resolve } from "node:path";

const installed = (path: string) => resolve("runtimes/node_modules", path);

export const NODES = {
  "20": installed("n20/bin/node"),
  "22": installed("n22/bin/node"),
  "24": installed("n24/bin/node"),
  "26": installed("n26/bin/node"),
};
export const DENO = installed(".bin/deno");
export const BUN = installed(".bin/bun");
export const WORKERD = installed("workerd/bin/workerd");
export const WRANGLER = installed("wrangler/bin/wrangler.js");
export const CHROMIUM = "/usr/bin/chromium";
/** Of Chromium, for a machine without a display and without the internet. */
export const QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
export const FIREFOX = "/usr/bin/firefox-esr";
export const WEBKIT_DRIVER = "/usr/bin/WebKitWebDriver";
export const JSC = "/usr/bin/jsc";

/** A folder in which `import "hybit"` finds the package as npm would install it. */
export const PACKED = resolve("build/runtimes");
