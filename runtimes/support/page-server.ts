// Serves build/runtimes on loopback, isolated as threads need it; "/" is a page that computes the vectors.
import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { PACKED } from "./paths.ts";

const TYPES: Record<string, string> = { ".js": "text/javascript", ".json": "application/json", ".html": "text/html", ".wasm": "application/wasm" };
const PACKAGE = "/node_modules/hybit/dist";
const IMPORTS = { hybit: `${PACKAGE}/index.js`, "hybit/pool": `${PACKAGE}/pool.js`, "hybit/threads": `${PACKAGE}/threads.js` };
const PAGE = `<!doctype html><title>vectors</title><script type="importmap">${JSON.stringify({ imports: IMPORTS })}</script>
<script type="module" src="/in-browser.js"></script>`;

export async function servePages(): Promise<{ url: string; [Symbol.asyncDispose](): Promise<void> }> {
  const server = createServer(({ url = "/" }, response) => {
    const path = join(PACKED, normalize(new URL(url, "http://localhost").pathname));
    response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
    response.setHeader("Cross-Origin-Embedder-Policy", "require-corp");
    response.setHeader("Content-Type", url === "/" ? "text/html" : (TYPES[extname(path)] ?? "application/octet-stream"));
    if (url === "/") response.end(PAGE);
    else if (existsSync(path) && statSync(path).isFile()) createReadStream(path).pipe(response);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
