// A TensorFlow Lite model in ONNX's words, so that one importer reads both: constants are folded, signs recognised and layouts cleaned there.
// Values of four dimensions are NHWC in the file and NCHW here; transposes stand only at inputs, outputs, and where elements are read in order.
import { LoadError } from "../../graph/errors.ts";
import type { AttributeProto, ModelProto, NodeProto } from "../onnx/wire/model.ts";
import type { TensorProto } from "../onnx/wire/tensor.ts";
import { readNumbers, transpose } from "./constants.ts";
import type { TfliteModel, TfliteOperator, TfliteTensor } from "./model.ts";
import { OPERATORS } from "./operators.ts";

const OPSET = 13;
const TO_NCHW = [0, 3, 1, 2];
const TO_NHWC = [0, 2, 3, 1];

/** Bounds of quantized types, by TensorType: what leaves them is cut off. */
const BOUNDS: Readonly<Record<number, [number, number]>> = { 3: [0, 255], 9: [-128, 127] };

/** What becomes a layer. */
const LAYERS = ["Conv", "Gemm"];

type AttributeValue = number | string | number[] | { float: number };

export class Translation {
  readonly model: TfliteModel;
  readonly nodes: NodeProto[] = [];
  readonly initializers: TensorProto[] = [];
  /** Values that are packed signs in the file, with their channels. */
  readonly channelsOf = new Map<number, number>();
  #made = 0;
  #operator = "";

  constructor(model: TfliteModel) {
    this.model = model;
  }

  tensor(index: number): TfliteTensor {
    return this.model.tensors[index] as TfliteTensor;
  }

  /** Shape of a value as it is here. */
  shape(index: number): number[] {
    const { shape } = this.tensor(index);
    const channels = this.channelsOf.get(index);
    const own = channels === undefined ? shape : [...shape.slice(0, -1), channels];
    return own.length === 4 ? TO_NCHW.map((axis) => own[axis] as number) : own;
  }

  /** Axis of the file's as it is here. */
  axis(index: number, axis: number): number {
    const { length } = this.tensor(index).shape;
    const positive = axis < 0 ? axis + length : axis;
    return length === 4 ? (TO_NHWC[positive] ?? positive) : positive;
  }

  isConstant(index: number): boolean {
    return this.tensor(index).data !== undefined;
  }

  /** Whole numbers of a constant. */
  ints(index: number, what: string): number[] {
    if (index === undefined || index < 0 || !this.isConstant(index)) throw this.refuse(`computes its ${what} from the model's inputs`);
    return Array.from(readNumbers(this.tensor(index)));
  }

  /** A constant's numbers and its shape in the file. */
  constant(index: number, what: string): { shape: number[]; data: Float32Array } {
    if (index === undefined || index < 0 || !this.isConstant(index)) throw this.refuse(`computes its ${what} from the model's inputs`);
    return { shape: this.tensor(index).shape, data: readNumbers(this.tensor(index)) };
  }

  /** Name of a value; a constant is stored the first time it is asked for. */
  name(index: number): string {
    const name = `t${index} ${this.tensor(index).name}`;
    if (this.isConstant(index) && !this.initializers.some((each) => each.name === name)) {
      const { shape } = this.tensor(index);
      const numbers = readNumbers(this.tensor(index));
      if (shape.length === 4) this.store(name, this.shape(index), transpose(numbers, shape, TO_NCHW));
      else this.store(name, shape, numbers);
    }
    return name;
  }

  /** Add a stored constant. */
  store(name: string, dims: readonly number[], numbers: ArrayLike<number>, isInteger = false): string {
    const data = isInteger ? undefined : Float32Array.from(numbers);
    this.initializers.push({
      name,
      dims: [...dims],
      dataType: isInteger ? 7 : 1,
      raw: data && new Uint8Array(data.buffer),
      typed: isInteger ? Array.from(numbers) : [],
      external: undefined,
    });
    return name;
  }

  /** A constant under a name of its own. */
  number(dims: readonly number[], numbers: ArrayLike<number>, isInteger = false): string {
    return this.store(`c${this.#made++} of ${this.#operator}`, dims, numbers, isInteger);
  }

  /** Add a node; returns the name of what it makes. */
  add(op: string, inputs: string[], attributes: Record<string, AttributeValue> = {}, domain = ""): string {
    const output = `v${this.#made++} of ${this.#operator}`;
    this.nodes.push({
      // Layers are known by the operator's name; what stands around them says what it is.
      name: LAYERS.includes(op) ? this.#operator : `${this.#operator}/${op}`,
      op,
      domain,
      inputs,
      outputs: [output],
      attributes: new Map(Object.entries(attributes).map(([key, value]) => [key, toAttribute(value)])),
    });
    return output;
  }

  /** Let a value be what output `at` of the operator stands for; what a quantized type cannot hold is cut off. */
  bind(operator: TfliteOperator, value: string, at = 0): void {
    const index = operator.outputs[at];
    if (index === undefined) return;
    const { type, scales, zeroPoints } = this.tensor(index);
    const bounds = BOUNDS[type];
    const [scale] = scales;
    let made = value;
    if (bounds !== undefined && scales.length === 1 && scale !== undefined) {
      const [low, high] = bounds.map((bound) => scale * (bound - (zeroPoints[0] ?? 0))) as [number, number];
      made = this.add("Clip", [value, this.number([], [low]), this.number([], [high])]);
    }
    this.nodes.push({
      name: `${this.#operator}/Identity`,
      op: "Identity",
      domain: "",
      inputs: [made],
      outputs: [this.name(index)],
      attributes: new Map(),
    });
  }

  /** The value with its elements in the order of the file. */
  inOrder(index: number): string {
    return this.shape(index).length === 4 ? this.add("Transpose", [this.name(index)], { perm: TO_NHWC }) : this.name(index);
  }

  /** A value in the file's order, brought into the order here. */
  fromOrder(value: string, rank: number): string {
    return rank === 4 ? this.add("Transpose", [value], { perm: TO_NCHW }) : value;
  }

  activate(value: string, kind: number): string {
    const clip = (low: number, high: number) => this.add("Clip", [value, this.number([], [low]), this.number([], [high])]);
    switch (kind) {
      case 0:
        return value;
      case 1:
        return this.add("Relu", [value]);
      case 2:
        return clip(-1, 1);
      case 3:
        return clip(0, 6);
      case 4:
        return this.add("Tanh", [value]);
      default:
        throw this.refuse(`has fused activation ${kind}`);
    }
  }

  /** Valid, and not read here. */
  refuse(what: string): LoadError {
    return new LoadError("unsupported", `${what}; export the model without it, or ask for it`, this.#operator);
  }

  translate(operator: TfliteOperator, place: number): void {
    const name = operator.outputs[0] === undefined ? `operator ${place}` : this.tensor(operator.outputs[0]).name;
    this.#operator = name;
    const key = operator.code === CUSTOM ? operator.custom : String(operator.code);
    const translate = Object.hasOwn(OPERATORS, key) ? OPERATORS[key] : undefined;
    if (translate === undefined) {
      const spelled =
        operator.code === CUSTOM
          ? `custom operator "${operator.custom}"`
          : `TensorFlow Lite operator ${operator.code} (BuiltinOperator of its schema)`;
      throw this.refuse(`${spelled} is not read`);
    }
    translate(this, operator);
  }
}

const CUSTOM = 32;

/** Write the model in ONNX's words. Throws LoadError. */
export function toOnnx(model: TfliteModel): ModelProto {
  const translation = new Translation(model);
  const inputs = model.inputs.map((index) => {
    const { name, shape, type } = translation.tensor(index);
    if (type !== 0 && BOUNDS[type] === undefined)
      throw new LoadError("unsupported", `input "${name}" is of type ${type}; floats, int8 and uint8 are read`);
    const value = translation.fromOrder(name, shape.length);
    translation.nodes.push({ name, op: "Identity", domain: "", inputs: [value], outputs: [translation.name(index)], attributes: new Map() });
    return { name, dataType: 1, shape };
  });
  model.operators.forEach((operator, place) => {
    translation.translate(operator, place);
  });
  const outputs = model.outputs.map((index) => {
    const { name } = translation.tensor(index);
    const value = translation.inOrder(index);
    translation.nodes.push({ name, op: "Identity", domain: "", inputs: [value], outputs: [name], attributes: new Map() });
    return { name, dataType: 1, shape: undefined };
  });
  const graph = { name: model.name, nodes: translation.nodes, initializers: translation.initializers, inputs, outputs };
  return {
    producer: "TensorFlow Lite",
    graph,
    opsets: new Map([
      ["", OPSET],
      ["onnx.brevitas", 1],
    ]),
    metadata: {},
  };
}

function toAttribute(value: AttributeValue): AttributeProto {
  const none: AttributeProto = { type: 0, float: 0, int: 0, text: "", tensor: undefined, graph: undefined, floats: [], ints: [] };
  if (typeof value === "number") return { ...none, type: 2, int: value };
  if (typeof value === "string") return { ...none, type: 3, text: value };
  if (Array.isArray(value)) return { ...none, type: 7, ints: value };
  return { ...none, type: 1, float: value.float };
}
