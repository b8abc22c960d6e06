// What the server counts of itself.
import { Counter, Gauge, Histogram, toText } from "./prometheus.ts";
import type { ServedModel } from "./served-model.ts";

/** Seconds, from a small net's run to a slow request. */
const SECONDS = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

const ITEMS = [1, 2, 4, 8, 16, 32, 64];

/** How things are now. */
export interface State {
  inFlight(): number;
  waiting(): number;
}

export class Metrics {
  readonly #requests = new Counter("hybit_requests_total", "Requests answered, by path and status.");
  readonly #seconds = new Histogram("hybit_predict_seconds", "Seconds from a prediction's arrival to its answer.", SECONDS);
  readonly #runs = new Histogram("hybit_run_seconds", "Seconds that a batch took to run.", SECONDS);
  readonly #items = new Histogram("hybit_batch_items", "Requests that ran as one batch.", ITEMS);
  readonly #all;

  constructor(model: ServedModel, version: string, state: State) {
    const info = { model: model.name, build: model.build, version };
    this.#all = [
      this.#requests,
      this.#seconds,
      this.#runs,
      this.#items,
      new Gauge("hybit_in_flight", "Predictions at work or waiting.", state.inFlight),
      new Gauge("hybit_waiting", "Predictions that wait for their turn to run.", state.waiting),
      new Gauge("hybit_model_info", "The model that is served; always 1.", () => 1, info),
    ];
  }

  answered(path: string, status: number): void {
    this.#requests.add({ path, status: String(status) });
  }

  predicted(seconds: number): void {
    this.#seconds.observe(seconds);
  }

  ran(items: number, seconds: number): void {
    this.#runs.observe(seconds);
    this.#items.observe(items);
  }

  toText(): string {
    return toText(this.#all);
  }
}
