// The inner loops as a running wasm module, and what each is there to show.
import asc from "assemblyscript/asc";
import type { Contestant } from "../race.ts";
import { AT, type LookUp, type Loop, writeLookUp, writeLookUp16, writeLookUp32, writePopcount, writeTile } from "./source.ts";

/** What the look-up kernels do: the others change one thing. */
const USUAL: LookUp = { bits: 5, barrier: 2, mask: "loaded", base: "constant" };

export interface Shown {
  /** A rule of docs/performance.md, or "peak". */
  rule: string;
  variant: string;
  loop: Loop;
}

const lookUp = (name: string, change: Partial<LookUp>) => writeLookUp(name, { ...USUAL, ...change });

/** Filters x vectors of the tiles with so many accumulators. */
const TILES = [
  [2, 2],
  [3, 2],
  [4, 2],
  [3, 3],
  [5, 2],
  [6, 2],
  [7, 2],
  [8, 2],
] as const;

export const SHOWN: readonly Shown[] = [
  { rule: "peak", variant: "bits: look-up, groups of 5", loop: lookUp("bits5", {}) },
  { rule: "peak", variant: "bits: look-up, groups of 4", loop: lookUp("bits4", { bits: 4 }) },
  { rule: "peak", variant: "bits: i8x16.popcnt, 3 rows", loop: writePopcount("popcount", 3) },
  { rule: "peak", variant: "int8: look-up, 16-bit lanes", loop: writeLookUp16("lanes16", 8) },
  { rule: "peak", variant: "f32: look-up, f32 lanes", loop: writeLookUp32("lanes32", 2) },
  { rule: "peak", variant: "f32: multiply and add, 4x2 vectors", loop: writeTile("tile", 4, 2) },
  ...TILES.map(([rows, vectors]) => ({
    rule: "accumulators",
    variant: `${rows * vectors} (${rows}x${vectors} vectors)`,
    loop: writeTile(`tile_${rows}x${vectors}`, rows, vectors),
  })),
  ...[0, 1, 2, 4].map((barrier) => ({
    rule: "barrier store, bits",
    variant: barrier === 0 ? "none" : `every ${barrier} steps`,
    loop: lookUp(`barrier${barrier}`, { barrier }),
  })),
  ...[0, 2, 8].map((barrier) => ({
    rule: "barrier store, 16-bit lanes",
    variant: barrier === 0 ? "none" : `every ${barrier} look-ups`,
    loop: writeLookUp16(`lanes16_barrier${barrier}`, barrier),
  })),
  ...[0, 2, 4].map((barrier) => ({
    rule: "barrier store, f32 lanes",
    variant: barrier === 0 ? "none" : `every ${barrier} look-ups`,
    loop: writeLookUp32(`lanes32_barrier${barrier}`, barrier),
  })),
  ...(["loaded", "splat"] as const).map((mask) => ({
    rule: "mask",
    variant: mask === "loaded" ? "loaded from memory" : "i8x16.splat(15)",
    loop: lookUp(`mask_${mask}`, { mask }),
  })),
  ...(["constant", "variable"] as const).map((base) => ({ rule: "table address", variant: base, loop: lookUp(`base_${base}`, { base }) })),
];

export interface RunningLoop extends Contestant, Shown {}

/** Compile loops to one module, which asks for env.abort. */
export async function compileLoops(shown: readonly Shown[]): Promise<Uint8Array<ArrayBuffer>> {
  const options = { optimizeLevel: 3, shrinkLevel: 0, runtime: "stub", noAssert: true, enable: ["simd"], initialMemory: 2 };
  const { error, binary, stderr } = await asc.compileString(shown.map(({ loop }) => loop.source).join("\n"), options);
  if (error !== null || binary === null) throw new Error(`the micro loops do not compile:\n${stderr.toString()}`);
  return Uint8Array.from(binary);
}

/** Compile the loops; each run of one is about 10 M multiply-accumulates or more. */
export async function openLoops(shown: readonly Shown[] = SHOWN): Promise<{ loops: RunningLoop[]; turnsOf: (loop: Loop) => number }> {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(await compileLoops(shown)), { env: { abort() {} } });
  fillMemory((exports.memory as WebAssembly.Memory).buffer);
  const turnsOf = ({ macs }: Loop) => Math.ceil(10e6 / macs);
  const loops = shown.map((each) => {
    const { loop } = each;
    const call = exports[loop.name] as (turns: number, base: number) => void;
    return { ...each, name: `${each.rule}: ${each.variant}`, run: () => call(turnsOf(loop), AT.tables) };
  });
  return { loops, turnsOf };
}

/** Tables of numbers that stay normal as floats, and weights that index them. */
function fillMemory(memory: ArrayBuffer): void {
  const [bytes, halves, floats] = [new Uint8Array(memory), new Uint16Array(memory), new Float32Array(memory)];
  let state = 1;
  const draw = (limit: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) % limit;
  };
  bytes.fill(15, AT.mask, AT.mask + 16);
  const { five, four, wide, float } = AT.weights;
  for (let at = AT.tables / 4; at < five / 4; at++) floats[at] = draw(1000) / 1000 - 0.5;
  for (let at = five / 2; at < four / 2; at++) halves[at] = 48 * draw(32);
  for (let at = four / 2; at < wide / 2; at++) halves[at] = 48 * draw(16);
  for (let at = wide / 2; at < float / 2; at++) halves[at] = 32 * draw(16);
  for (let at = float / 4; at < memory.byteLength / 4; at++) floats[at] = draw(1000) / 1000 - 0.5;
}
