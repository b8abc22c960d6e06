// Checked when a file is written; when one is used, preprocess() looks for itself.
import { LoadError } from "../graph/errors.ts";
import { countElements, countPlanes, type Graph } from "../graph/graph.ts";
import { spell } from "../ops/require.ts";

/** The picture that preprocessing makes must be what the first input takes. */
export function checkPreprocess({ metadata: { preprocess }, inputs, values }: Graph): void {
  if (!preprocess) return;
  const { width, height, mean, std } = preprocess;
  const count = countPlanes(preprocess);
  const shape = values[inputs[0] as number]?.shape ?? [];
  demand(
    width * height * count === countElements(shape.slice(1)),
    `preprocessing makes ${count}x${height}x${width} values but the first input is ${spell(shape)}`,
  );
  const isRight = [mean, std].every(({ length }) => length === 0 || length === count) && std.every((value) => value > 0);
  demand(isRight, `preprocessing needs ${count} mean(s) and ${count} positive std(s), or none`);
}

function demand(isRight: boolean, sentence: string): void {
  if (!isRight) throw new LoadError("invalid", sentence);
}
