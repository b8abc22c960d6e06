// What a worker of a pool does: load the model, then run one item after the other.
import type { Model } from "../engine/model.ts";
import type { InlineOptions } from "../runtimes/door.ts";
import type { Answer, Failed, Item, Start } from "./messages.ts";

type Load = (source: Uint8Array, options: InlineOptions) => Promise<Model>;
type Post = (answer: Answer, transfer: ArrayBuffer[]) => void;

/** Load what `start` says and answer; the result takes items. */
export async function openWorker(load: Load, { model: bytes, options }: Start, post: Post): Promise<(item: Item) => void> {
  try {
    const model = await load(bytes, options);
    const { name, inputs, outputs, metadata, build } = model;
    post({ info: { name, inputs, outputs, metadata, build } }, []);
    return (item) => {
      try {
        const results = model.run(item);
        post(
          { outputs: results },
          Object.values(results).map(({ buffer }) => buffer as ArrayBuffer),
        );
      } catch (error) {
        post(takeApart(error), []);
      }
    };
  } catch (error) {
    post(takeApart(error), []);
    return () => {};
  }
}

function takeApart(error: unknown): Failed {
  const { name = "Error", code = "", message = String(error) } = error as Partial<Failed["failure"]>;
  return { failure: { name, code, message } };
}
