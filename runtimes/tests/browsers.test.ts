// Pages in the three browser engines, from Debian, without a window.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { type Browser, chromium } from "playwright-core";
import puppeteer from "puppeteer-core";
import { assertGolden } from "../support/golden.ts";
import { servePages } from "../support/page-server.ts";
import { CHROMIUM, FIREFOX, QUIET, WEBKIT_DRIVER } from "../support/paths.ts";

/** Set by the page when it is done. */
type Done = typeof globalThis & { lines?: string[] };

async function computeInPage(browser: Browser, url: string): Promise<string[]> {
  try {
    const page = await browser.newPage();
    await page.goto(url);
    await page.waitForFunction(() => (globalThis as Done).lines, undefined, { timeout: 60_000 });
    assert.equal(await page.evaluate(() => crossOriginIsolated), true);
    return await page.evaluate(() => (globalThis as Done).lines as string[]);
  } finally {
    await browser.close();
  }
}

test("Chromium computes the golden vectors", async () => {
  await using pages = await servePages();
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: QUIET });
  assertGolden(await computeInPage(browser, pages.url), { threads: true });
});

// Debian's Firefox speaks WebDriver BiDi, of which it lacks what Playwright asks of a new page.
test("Firefox computes the golden vectors", async () => {
  await using pages = await servePages();
  const browser = await puppeteer.launch({ browser: "firefox", executablePath: FIREFOX });
  try {
    const page = await browser.newPage();
    await page.goto(pages.url);
    await page.waitForFunction(() => (globalThis as Done).lines, { timeout: 60_000 });
    assert.equal(await page.evaluate(() => crossOriginIsolated), true);
    assertGolden(await page.evaluate(() => (globalThis as Done).lines as string[]), { threads: true });
  } finally {
    await browser.close();
  }
});

test("WebKitGTK computes the golden vectors", async () => {
  await using pages = await servePages();
  const port = 4450;
  const env = { ...process.env, WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1" };
  const driver = spawn("xvfb-run", ["-a", WEBKIT_DRIVER, `--port=${port}`], { env, stdio: "ignore", detached: true });
  const exited = once(driver, "exit");
  const ask = async (path: string, body?: object) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, body ? { method: "POST", body: JSON.stringify(body) } : {});
    return ((await response.json()) as { value: unknown }).value;
  };
  try {
    const isReady = () =>
      ask("/status").then(
        (value) => (value as { ready: boolean }).ready,
        () => false,
      );
    while (!(await isReady())) await sleep(50);
    const options = { "webkitgtk:browserOptions": { binary: "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser", args: ["--automation"] } };
    const session = (await ask("/session", { capabilities: { alwaysMatch: options } })) as { sessionId?: string };
    assert.ok(session.sessionId, JSON.stringify(session));
    const at = `/session/${session.sessionId}`;
    await ask(`${at}/url`, { url: pages.url });
    let lines: unknown = null;
    for (let tries = 0; !Array.isArray(lines) && tries < 600; tries++) {
      await sleep(100);
      lines = await ask(`${at}/execute/sync`, { script: "return globalThis.lines ?? null", args: [] });
    }
    assertGolden(lines as string[], { threads: true });
    await fetch(`http://127.0.0.1:${port}${at}`, { method: "DELETE" });
  } finally {
    process.kill(-(driver.pid as number), "SIGKILL");
    await exited;
  }
});
