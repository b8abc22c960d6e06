// The --preprocess option: how images become the model's input, e.g. gray,28x28,invert,mean=0.5,std=0.25
// or rgb,224x224,mean=0.485,0.456,0.406,std=0.229,0.224,0.225,resize=cover.
import { InvalidArgumentError } from "commander";
import { countPlanes, type Preprocess } from "../graph/graph.ts";

const EXAMPLE = "write it like gray,28x28,invert or rgb,224x224,mean=0.5,std=0.25,resize=cover";

/** Parse the option's text. Throws commander's InvalidArgumentError, which names the option. */
export function parsePreprocess(text: string): Preprocess {
  const found: Partial<Preprocess> = {};
  let list: number[] | undefined;
  for (const part of text.split(",").map((piece) => piece.trim())) {
    const [, width, height] = /^(\d+)x(\d+)$/i.exec(part) ?? [];
    const [, key, value = ""] = /^(mean|std|resize)=(.*)$/.exec(part) ?? [];
    if (part === "gray" || part === "rgb" || part === "bgr") found.channels = part;
    else if (part === "grey") found.channels = "gray";
    else if (part === "invert") found.invert = true;
    else if (width !== undefined) [found.width, found.height] = [Number(width), Number(height)];
    else if (key === "mean" || key === "std") list = found[key] = [parseNumber(value, part)];
    else if (key === "resize") found.resize = parseResize(value);
    // A bare number goes on with the list before it.
    else if (list !== undefined && part !== "") list.push(parseNumber(part, part));
    else throw new InvalidArgumentError(`"${part}" is not understood; ${EXAMPLE}.`);
  }

  const { channels, width = 0, height = 0, invert = false, resize = "stretch" } = found;
  if (channels === undefined) throw new InvalidArgumentError(`The channels are missing: gray, rgb or bgr; ${EXAMPLE}.`);
  if (width < 1 || height < 1) throw new InvalidArgumentError(`The size is missing: WIDTHxHEIGHT in pixels; ${EXAMPLE}.`);
  const count = countPlanes({ channels });
  const mean = spread(found.mean ?? [0], count, "mean");
  const std = spread(found.std ?? [1], count, "std");
  if (std.some((value) => value <= 0)) throw new InvalidArgumentError("Std must be larger than 0.");
  return { width, height, channels, mean, std, invert, resize };
}

/** One number per channel; a single one counts for all. */
function spread(numbers: number[], count: number, name: string): number[] {
  if (numbers.length === 1) return new Array<number>(count).fill(numbers[0] as number);
  if (numbers.length !== count) throw new InvalidArgumentError(`${name} has ${numbers.length} numbers; give 1 or ${count}.`);
  return numbers;
}

function parseNumber(text: string, part: string): number {
  const number = Number(text);
  if (text === "" || !Number.isFinite(number)) throw new InvalidArgumentError(`"${part}" is not understood; ${EXAMPLE}.`);
  return number;
}

function parseResize(value: string): Preprocess["resize"] {
  if (value === "stretch" || value === "contain" || value === "cover") return value;
  throw new InvalidArgumentError(`Resize is "${value}"; it must be stretch, contain or cover.`);
}
