import assert from "node:assert/strict";
import { test } from "node:test";
import { FloatGraphBuilder, floatConv, randomNumbers } from "../../tests/support/graph-builder.ts";
import { square } from "../../tests/support/window.ts";
import { hybridize } from "../binarize/passes.ts";
import type { Tensors } from "../engine/model.ts";
import { writeModel } from "../format/write.ts";
import type { Graph, Numbers } from "../graph/graph.ts";
import { loadModel } from "../index.ts";
import { estimateCorrections } from "./corrections.ts";

const CHANNELS = 4;
const ELEMS = CHANNELS * 9 * 9;

/** Four 3x3 convolutions with relus between; the filters are not centred, so signs move every mean. */
function build(): Graph<Numbers> {
  const builder = new FloatGraphBuilder();
  let value = builder.input([1, CHANNELS, 9, 9]);
  for (const name of ["first", "second", "third", "last"]) {
    const draw = randomNumbers(name.length);
    const weights = Float32Array.from({ length: CHANNELS * CHANNELS * 9 }, (_, i) => draw() + 0.2 * (i % 3));
    value = builder.add("conv2d", floatConv(CHANNELS, CHANNELS, square(3), weights), value, name);
    if (name !== "last") value = builder.add("activation", { kind: "relu", alpha: 0, beta: 0 }, value);
  }
  return builder.finish(value);
}

const runs: Tensors[] = Array.from({ length: 20 }, (_, run) => ({ x: Float32Array.from({ length: ELEMS }, randomNumbers(run + 1)) }));

async function collect(graph: Graph<Numbers>, output: number, options: Parameters<typeof hybridize>[1]): Promise<number[][]> {
  using model = await loadModel(writeModel(hybridize({ ...graph, outputs: [output] }, options).graph));
  const name = model.outputs[0]?.name ?? "";
  const results = runs.map((inputs) => model.run(inputs)[name] as Float32Array);
  const pixels = (results[0] as Float32Array).length / CHANNELS;
  return Array.from({ length: CHANNELS }, (_, c) => results.flatMap((result) => [...result.subarray(c * pixels, (c + 1) * pixels)]));
}

function moments(numbers: number[]): [number, number] {
  const mean = numbers.reduce((a, b) => a + b, 0) / numbers.length;
  return [mean, Math.sqrt(numbers.reduce((sum, x) => sum + (x - mean) ** 2, 0) / numbers.length)];
}

test("binarized layers get back the means and deviations of the float net, and the outputs come nearer", async () => {
  const graph = build();
  for (const binarize of ["sign", "two-level", "2-planes"] as const) {
    const corrections = await estimateCorrections(graph, runs, { binarize, load: loadModel });
    assert.deepEqual([...corrections.keys()], ["second", "third"]);
    for (const name of ["second", "third"]) {
      const output = graph.nodes.find((node) => node.name === name)?.outputs[0] as number;
      const [wanted, found] = [await collect(graph, output, {}), await collect(graph, output, { binarize, corrections })];
      wanted.forEach((channel, c) => {
        const [[mean, deviation], [ours, spread]] = [moments(channel), moments(found[c] as number[])];
        assert.ok(Math.abs(mean - ours) < 1e-3 * deviation && Math.abs(deviation - spread) < 1e-3 * deviation, `${binarize}, ${name}, channel ${c}`);
      });
    }
    const last = graph.outputs[0] as number;
    const [wanted, plain, corrected] = [
      await collect(graph, last, {}),
      await collect(graph, last, { binarize }),
      await collect(graph, last, { binarize, corrections }),
    ];
    const distance = (all: number[][]) =>
      Math.hypot(...all.flatMap((channel, c) => channel.map((x, i) => x - ((wanted[c] as number[])[i] as number))));
    assert.ok(distance(corrected) < distance(plain), `${binarize}: ${distance(corrected)} and ${distance(plain)}`);
  }
});

test("no inputs, inputs that are not finite and an aborted signal are refused", async () => {
  const options = { binarize: "sign", load: loadModel } as const;
  await assert.rejects(estimateCorrections(build(), [], options), /no inputs to estimate norms on/);
  const broken = [{ x: new Float32Array(ELEMS).fill(1e38) }];
  await assert.rejects(estimateCorrections(build(), broken, options), /in node "second": .*not finite|output/);
  await assert.rejects(estimateCorrections(build(), runs, { ...options, signal: AbortSignal.abort() }), /aborted/);
});
