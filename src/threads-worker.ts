// The script of a helper in a web worker.
import { openHelper } from "./threads/serve.ts";

addEventListener("message", async ({ data }) => {
  const serve = await openHelper(data);
  postMessage("ready");
  serve();
});
