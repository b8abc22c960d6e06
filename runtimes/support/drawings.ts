// The example drawings, and as many others as wanted: turned, stretched and shaken, by seed.
import { readdirSync, readFileSync } from "node:fs";
import type { Strokes } from "hybit/image";
import { makeRandom } from "./random.ts";

export interface Drawing {
  word: string;
  drawing: Strokes;
}

export function readDrawings(): Drawing[] {
  return readdirSync("examples/drawings").map((name) => JSON.parse(readFileSync(`examples/drawings/${name}`, "utf8").split("\n")[0] ?? ""));
}

export function varyDrawings(count: number, seed: number): Drawing[] {
  const random = makeRandom(seed);
  const originals = readDrawings();
  return Array.from({ length: count }, (_, i) => {
    const { word, drawing } = originals[i % originals.length] as Drawing;
    const [angle, stretch] = [(random() - 0.5) * 0.8, 0.7 + 0.6 * random()];
    const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
    const shake = () => 6 * (random() - 0.5);
    const turn = ([xs, ys]: Strokes[number]): [number[], number[]] => [
      xs.map((x, j) => Math.round(cos * x * stretch - sin * (ys[j] as number) + shake())),
      ys.map((y, j) => Math.round(sin * (xs[j] as number) * stretch + cos * y + shake())),
    ];
    return { word, drawing: drawing.map(turn) };
  });
}
