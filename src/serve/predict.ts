// One prediction: from a request to its answer, within the limits of concurrency and time.
import { answer, readQuery } from "./answer.ts";
import type { Batcher } from "./batcher.ts";
import { readBody } from "./body.ts";
import { readInputs, readType } from "./inputs.ts";
import type { Settings } from "./options.ts";
import { Refusal } from "./refusal.ts";
import type { Result } from "./run-items.ts";
import type { ServedModel } from "./served-model.ts";

export class Predictor {
  /** Predictions at work or waiting. */
  inFlight = 0;
  readonly #model: ServedModel;
  readonly #settings: Settings;
  readonly #batcher: Batcher;

  constructor(model: ServedModel, settings: Settings, batcher: Batcher) {
    this.#model = model;
    this.#settings = settings;
    this.#batcher = batcher;
  }

  /** Throws Refusal. */
  async predict(request: Request, query: URLSearchParams): Promise<Record<string, unknown>> {
    const { maxConcurrent, timeout } = this.#settings;
    if (this.inFlight >= maxConcurrent) {
      throw new Refusal(503, "busy", `${maxConcurrent} predictions are at work or waiting already; try again`, { "retry-after": "1" });
    }
    this.inFlight++;
    const started = performance.now();
    const left = () => timeout - (performance.now() - started);
    try {
      const wanted = readQuery(query);
      const type = readType(request.headers, this.#model, this.#settings);
      const body = await readBody(request, this.#settings, left());
      const item = await readInputs(type, body, this.#model, this.#settings);
      return answer(this.#model, this.#requireFinite(await this.#run(item, left())), wanted);
    } finally {
      this.inFlight--;
    }
  }

  async #run(item: Parameters<Batcher["run"]>[0], ms: number): Promise<Result> {
    try {
      return await this.#batcher.run(item, ms);
    } catch (error) {
      // Numbers that it refuses, or makes infinities of: the model's own sentence says so.
      if (error instanceof Error && error.name === "RunError") throw new Refusal(422, "model", error.message);
      throw error;
    }
  }

  /** JSON has no NaN. */
  #requireFinite(result: Result): Result {
    const at = result.findIndex((numbers) => !numbers.every(Number.isFinite));
    if (at < 0) return result;
    throw new Refusal(
      422,
      "model",
      `output "${this.#model.outputs[at]?.name}" is not finite for this input; its numbers are too large for the model`,
    );
  }
}
