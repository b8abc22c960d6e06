// Every value that a model computes on the way, by name: of a .hybit file as it is stored, of an ONNX file as it was imported, before anything is folded
// into anything; or from a folder of .npy files, as another runtime or --dump wrote them.
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { hybridize } from "../binarize/passes.ts";
import type { Tensors } from "../engine/model.ts";
import { materialize, readModelBytes } from "../format/materialize.ts";
import { writeModel } from "../format/write.ts";
import type { Graph, Node, Numbers, Shape, Value } from "../graph/graph.ts";
import { about, Failure } from "./failure.ts";
import { readBytes } from "./files.ts";
import { drawInputs, loadForComparison } from "./int8.ts";
import { isNpy, readNpy } from "./npy.ts";
import { importFrom, readOnnx } from "./onnx-file.ts";
import { countItems } from "./tensors.ts";
import type { Terminal } from "./terminal.ts";

export interface Intermediate {
  name: string;
  shape: Shape;
  data: Float32Array;
  /** The node that makes it, where there is one. */
  node?: Pick<Node<Numbers>, "name" | "op" | "note"> | undefined;
}

export interface Source {
  /** Names and numbers of the model's inputs, where it is a model. */
  inputs: Tensors | undefined;
  values: Map<string, Intermediate>;
}

/** Run a model on the arrays in `inputs` (paths by input name; without any, on seeded random numbers) or read a folder. Throws Failure. */
export async function openIntermediates(path: string, inputs: ReadonlyMap<string, string> | Tensors, terminal: Terminal): Promise<Source> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (isFolder) return { inputs: undefined, values: await readFolder(path) };
  const graph = await openGraph(path, terminal);
  const exposed = expose(graph);
  const model = await about(path, () => loadForComparison(writeModel(exposed)));
  const given = inputs instanceof Map ? await readInputs(path, model.inputs, inputs) : renamed(inputs as Tensors, model.inputs);
  const run = given ?? (drawInputs(model)[0] as Tensors);
  const outputs = await about(path, () => model.run(run));
  const [first] = model.inputs;
  const items = first ? (run[first.name]?.length ?? 0) / first.shape.slice(1).reduce((a, b) => a * b, 1) : 1;
  const makers = new Map(graph.nodes.flatMap((node) => node.outputs.map((index) => [graph.values[index]?.name, node] as const)));
  const values = model.outputs.map(({ name, shape }): [string, Intermediate] => {
    const data = outputs[name] as Float32Array;
    const item = shape.slice(1);
    const rows = data.length / item.reduce((a, b) => a * b, 1);
    return [name, { name, shape: [shape[0] === -1 ? rows : (shape[0] ?? items), ...item], data, node: makers.get(name) }];
  });
  model.dispose();
  const placeOf = ([, { node }]: (typeof values)[number]) => graph.nodes.findIndex(({ name }) => name === node?.name);
  return { inputs: run, values: new Map(values.sort((x, y) => placeOf(x) - placeOf(y))) };
}

/** The name of the file of a value: ONNX names are often paths, a file name may not be one. */
export function toFileName(name: string): string {
  return name.replaceAll(/[^\w.-]+/g, "_").replace(/^\.+/, "_") || "output";
}

async function openGraph(path: string, terminal: Terminal): Promise<Graph<Numbers>> {
  const bytes = path === "-" ? undefined : await readBytes(path);
  if (bytes && new TextDecoder("latin1").decode(bytes.subarray(0, 4)) === "HYBT") {
    return about(path, () => {
      const { graph, data } = readModelBytes(bytes);
      return materialize(graph, data);
    });
  }
  const graph = await importFrom(await readOnnx(path, terminal));
  // With every value an output nothing can be folded away.
  return about(path, () => hybridize(expose(graph)).graph);
}

/** Make every value an output, bits as -1 and 1. Values that are int8 are left out. */
function expose(graph: Graph<Numbers>): Graph<Numbers> {
  const values: Value<Numbers>[] = graph.values.map((value) => ({ ...value }));
  const nodes = [...graph.nodes];
  const outputs = graph.values.flatMap((value, index) => {
    if (value.constant !== undefined || value.type === "i8" || graph.inputs.includes(index)) return [];
    if (value.type !== "bits") return [index];
    const { name } = value;
    (values[index] as Value<Numbers>).name = `${name} as bits`;
    const unpacked = values.push({ name, type: "f32", shape: value.shape }) - 1;
    nodes.push({ name: `unpack ${name}`, op: "unpack", attrs: {}, inputs: [index], outputs: [unpacked] });
    return [unpacked];
  });
  return { ...graph, values, nodes, outputs };
}

async function readInputs(
  path: string,
  infos: readonly { name: string; shape: Shape; type: string }[],
  files: ReadonlyMap<string, string>,
): Promise<Tensors | undefined> {
  if (files.size === 0) return undefined;
  const read: Tensors = {};
  for (const [index, info] of infos.entries()) {
    const file = files.get(info.name) ?? (files.size === infos.length ? [...files.values()][index] : undefined);
    if (file === undefined) throw new Failure(`${path}: input "${info.name}" is missing; add --input ${info.name}=x.npy`);
    const bytes = await readBytes(file);
    read[info.name] = await about(file, () => {
      const array = readNpy(bytes);
      countItems(info as never, array);
      return (info.type === "i8" ? Int8Array.from(array.data) : array.data) as Float32Array;
    });
  }
  return read;
}

/** Inputs of another model, in its order, for one whose inputs may be named otherwise. */
function renamed(inputs: Tensors, infos: readonly { name: string }[]): Tensors {
  const numbers = Object.values(inputs);
  return Object.fromEntries(infos.map(({ name }, index) => [name, inputs[name] ?? (numbers[index] as Float32Array)]));
}

async function readFolder(path: string): Promise<Map<string, Intermediate>> {
  const files = (await readdir(path)).filter((file) => file.endsWith(".npy")).sort();
  if (files.length === 0) throw new Failure(`${path}: the folder holds no .npy file`);
  const values = new Map<string, Intermediate>();
  for (const file of files) {
    const place = join(path, file);
    const bytes = await readBytes(place);
    if (!isNpy(bytes)) throw new Failure(`${place}: it is no .npy file`);
    const { shape, data } = await about(place, () => readNpy(bytes));
    const name = file.slice(0, -4);
    values.set(name, { name, shape, data });
  }
  return values;
}
