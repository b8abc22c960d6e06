// Strokes, one drawing a line as JSON on stdin, to 28x28 bytes each on stdout, white on black: the picture that hybit/image makes of them, so that
// nets are trained on what they will meet. Needs the built package (npm run build).
import { createInterface } from "node:readline";
import { rasterize } from "../dist/image.js";

for await (const line of createInterface({ input: process.stdin })) {
  const picture = rasterize(JSON.parse(line)).data.map((value) => 255 - value);
  if (!process.stdout.write(picture)) await new Promise((resolve) => process.stdout.once("drain", resolve));
}
