// What a server counts, for Prometheus.
import { Counter, Gauge, Histogram, Registry } from "prom-client";

/** Seconds: from the smallest nets to the largest. */
const SECONDS = [0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5];
const ITEMS = [1, 2, 4, 8, 16, 32, 64];

export class Metrics {
  readonly #registry = new Registry();
  readonly #answers = new Counter({
    name: "hybit_requests_total",
    help: "Answers to /predict, by status.",
    labelNames: ["status"],
    registers: [this.#registry],
  });
  readonly #seconds = new Histogram({
    name: "hybit_request_seconds",
    help: "From a request's arrival to its answer.",
    buckets: SECONDS,
    registers: [this.#registry],
  });
  readonly #items = new Histogram({ name: "hybit_batch_items", help: "Items that ran at once.", buckets: ITEMS, registers: [this.#registry] });
  readonly #inFlight = new Gauge({ name: "hybit_requests_in_flight", help: "Requests that have no answer yet.", registers: [this.#registry] });

  countAnswer(status: number, seconds: number): void {
    this.#answers.inc({ status: String(status) });
    this.#seconds.observe(seconds);
  }

  countBatch(items: number): void {
    this.#items.observe(items);
  }

  setInFlight(requests: number): void {
    this.#inFlight.set(requests);
  }

  /** The text format, and its content type. */
  async print(): Promise<{ text: string; type: string }> {
    return { text: await this.#registry.metrics(), type: this.#registry.contentType };
  }
}
