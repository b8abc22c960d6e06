// Writes the inner loops whose speed is measured, as AssemblyScript: straight-line bodies in many variants, which is why a
// program writes them. They compute on whatever is in memory; nobody looks at the results.

/** One loop, to be called as (turns, base): it goes over its filters so many times. */
export interface Loop {
  name: string;
  source: string;
  /** Multiply-accumulates of a turn. */
  macs: number;
}

/** Where things are in linear memory. What one loop touches fits an L1 cache of 32 KiB. */
export const AT = {
  mask: 64,
  barrier: 128,
  out: 256,
  tables: 4096,
  /** Indices into tables of 32 and of 16 entries of 48 bytes, of 16 entries of 32 bytes, and floats. */
  weights: { five: 32768, four: 49152, wide: 65536, float: 81920 },
} as const;

/** Filters of a turn, whose weights lie one after the other. */
const FILTERS = 32;

const range = (count: number) => [...Array(count).keys()];

export interface LookUp {
  /** Channels of a group: a table has 2^bits entries. */
  bits: 4 | 5;
  /** A store of a value just computed after every so many steps; 0: never. */
  barrier: number;
  mask: "loaded" | "splat";
  /** The tables' address: a constant, or an argument, as every thread needs its own. */
  base: "constant" | "variable";
}

/** 64 pixels as two nibbles a byte; a step is three taps of a row of a group's table. */
export function writeLookUp(name: string, { bits, barrier, mask, base }: LookUp): Loop {
  const steps = bits === 5 ? 15 : 18;
  const rowBytes = 48 << bits;
  const address = (index: string, offset: number) => (base === "constant" ? `${index}, ${AT.tables + offset}` : `base + ${index}, ${offset}`);
  const lines = range(steps).flatMap((step) => [
    ...range(3).map((tap) => `const i${step}_${tap} = <usize>load<u16>(weights, ${2 * (3 * step + tap)});`),
    ...range(2).flatMap((v) => {
      const taps = range(3).map((tap) => `v128.load(${address(`i${step}_${tap}`, step * rowBytes + tap + 16 * v)})`);
      const high = `v128.and(i16x8.shr_u(s${step}_${v}, 4), ${mask === "loaded" ? "m" : "i8x16.splat(15)"})`;
      return [
        `const s${step}_${v} = i8x16.add(i8x16.add(${taps[0]}, ${taps[1]}), ${taps[2]});`,
        `low${v} = i8x16.add(low${v}, s${step}_${v});`,
        `high${v} = i8x16.add(high${v}, ${high});`,
        barrier > 0 && step % barrier === barrier - 1 ? `v128.store(${AT.barrier}, high${v}, ${16 * v});` : "",
      ];
    }),
  ]);
  const flush = range(2).flatMap((v) => [
    `low${v} = i8x16.sub(low${v}, i8x16.shl(high${v}, 4));`,
    ...["low", "high"].flatMap((half, h) =>
      ["low", "high"].map((part, p) => {
        const at = 64 * v + 32 * h + 16 * p;
        return `v128.store(out, i16x8.add(v128.load(out, ${at}), i16x8.extend_${part}_i8x16_u(${half}${v})), ${at});`;
      }),
    ),
  ]);
  const start = range(2).map((v) => `let low${v} = v128.xor(m, m), high${v} = low${v};`);
  return perFilter(name, AT.weights[bits === 5 ? "five" : "four"], 2 * 3 * steps, 64 * 3 * steps * bits, [...start, ...lines, ...flush]);
}

/** 16 pixels of 16 bits, 48 groups of 4 channels: sums of 48 x 4 int8 values fit 16 bits; widened once a filter. */
export function writeLookUp16(name: string, barrier: number): Loop {
  const groups = 48;
  const lines = range(groups).flatMap((g) => [
    `const i${g} = <usize>load<u16>(weights, ${2 * g});`,
    ...range(2).map((v) => `a${v} = i16x8.add(a${v}, v128.load(i${g}, ${AT.tables + 512 * g + 16 * v}));`),
    barrier > 0 && g % barrier === barrier - 1 ? `v128.store(${AT.barrier}, a1);` : "",
  ]);
  const flush = range(2).flatMap((v) =>
    ["low", "high"].map((part, p) => {
      const at = 32 * v + 16 * p;
      return `v128.store(out, i32x4.add(v128.load(out, ${at}), i32x4.extend_${part}_i16x8_s(a${v})), ${at});`;
    }),
  );
  return perFilter(name, AT.weights.wide, 2 * groups, 16 * groups * 4, ["let a0 = v128.xor(m, m), a1 = a0;", ...lines, ...flush]);
}

/** 8 pixels of f32, 36 groups of 4 channels. */
export function writeLookUp32(name: string, barrier: number): Loop {
  const groups = 36;
  const lines = range(groups).flatMap((g) => [
    `const i${g} = <usize>load<u16>(weights, ${2 * g});`,
    ...range(2).map((v) => `a${v} = f32x4.add(a${v}, v128.load(i${g}, ${AT.tables + 512 * g + 16 * v}));`),
    barrier > 0 && g % barrier === barrier - 1 ? `v128.store(${AT.barrier}, a1);` : "",
  ]);
  const start = range(2).map((v) => `let a${v} = v128.load(out, ${16 * v});`);
  const end = range(2).map((v) => `v128.store(out, a${v}, ${16 * v});`);
  return perFilter(name, AT.weights.wide, 2 * groups, 8 * groups * 4, [...start, ...lines, ...end]);
}

/** xor and popcount of 16-byte blocks: `rows` pixels x 16 channels whose bytes lie side by side, widened every 24 blocks. */
export function writePopcount(name: string, rows: number): Loop {
  const blocks = 24;
  const lines = range(blocks).flatMap((block) => [
    `const w${block} = v128.load(weights, ${16 * block});`,
    ...range(rows).map(
      (row) => `a${row} = i8x16.add(a${row}, i8x16.popcnt(v128.xor(w${block}, v128.load8_splat(${AT.tables}, ${row * 64 + block}))));`,
    ),
  ]);
  const start = range(rows).map((row) => `let a${row} = v128.xor(m, m);`);
  const flush = range(rows).flatMap((row) =>
    ["low", "high"].map((part, p) => {
      const at = 32 * row + 16 * p;
      return `v128.store(out, i16x8.add(v128.load(out, ${at}), i16x8.extend_${part}_i8x16_u(a${row})), ${at});`;
    }),
  );
  return perFilter(name, AT.weights.wide, 16 * blocks, rows * 16 * 8 * blocks, [...start, ...lines, ...flush]);
}

/** f32 multiply and add: a register tile of `rows` filters x `vectors` x 4 pixels over 256 channels; one channel at a time. */
export function writeTile(name: string, rows: number, vectors: number): Loop {
  const depth = 256;
  const cells = range(rows).flatMap((row) => range(vectors).map((v) => ({ row, v })));
  const body = [
    "for (let turn = 0; turn < turns; turn++) {",
    `let weights: usize = ${AT.weights.float}, pixels: usize = ${AT.tables};`,
    ...cells.map(({ row, v }) => `let a${row}_${v} = f32x4.splat(0);`),
    `for (let k = 0; k < ${depth}; k++) {`,
    ...range(vectors).map((v) => `const x${v} = v128.load(pixels, ${16 * v});`),
    ...range(rows).flatMap((row) => [
      `const w${row} = v128.load32_splat(weights, ${4 * row});`,
      ...range(vectors).map((v) => `a${row}_${v} = f32x4.add(a${row}_${v}, f32x4.mul(w${row}, x${v}));`),
    ]),
    `pixels += ${16 * vectors}; weights += ${4 * rows};`,
    "}",
    ...cells.map(({ row, v }) => `v128.store(${AT.out}, a${row}_${v}, ${16 * (row * vectors + v)});`),
    "}",
  ];
  return declare(name, body, depth * rows * vectors * 4);
}

/** Every filter's weights are read in order; sixteen filters share their sums, so that those stay in L1. */
function perFilter(name: string, weightsPtr: number, weightBytes: number, macs: number, lines: readonly string[]): Loop {
  const body = [
    `const m = v128.load(${AT.mask});`,
    "for (let turn = 0; turn < turns; turn++) {",
    `let weights: usize = ${weightsPtr};`,
    `for (let n = 0; n < ${FILTERS}; n++) {`,
    `const out: usize = ${AT.out} + ((n & 15) << 7);`,
    ...lines,
    `weights += ${weightBytes};`,
    "}",
    "}",
  ];
  return declare(name, body, FILTERS * macs);
}

function declare(name: string, body: readonly string[], macs: number): Loop {
  const lines = body.filter((line) => line !== "").join("\n");
  return { name, source: `export function ${name}(turns: i32, base: usize): void {\n${lines}\n}\n`, macs };
}
