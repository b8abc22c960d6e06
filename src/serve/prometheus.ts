// Counters, gauges and histograms in Prometheus' text form, version 0.0.4. Only what this server counts; prom-client, which
// has more, needs Node. tests/serve compares both.

export type Labels = Readonly<Record<string, string>>;

export const CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

export interface Metric {
  toLines(): string[];
}

export class Counter implements Metric {
  readonly #head: string[];
  readonly #values = new Map<string, number>();

  constructor(
    readonly name: string,
    help: string,
  ) {
    this.#head = head(name, help, "counter");
  }

  add(labels: Labels = {}, amount = 1): void {
    const key = spellLabels(labels);
    this.#values.set(key, (this.#values.get(key) ?? 0) + amount);
  }

  toLines(): string[] {
    return [...this.#head, ...[...this.#values].map(([labels, value]) => `${this.name}${labels} ${value}`)];
  }
}

/** A value that is read when it is asked for. */
export class Gauge implements Metric {
  constructor(
    readonly name: string,
    readonly help: string,
    readonly read: () => number,
    readonly labels: Labels = {},
  ) {}

  toLines(): string[] {
    return [...head(this.name, this.help, "gauge"), `${this.name}${spellLabels(this.labels)} ${this.read()}`];
  }
}

export class Histogram implements Metric {
  readonly #head: string[];
  readonly #counts: number[];
  #count = 0;
  #sum = 0;

  /** `bounds`: upper ends of the buckets, rising. */
  constructor(
    readonly name: string,
    help: string,
    readonly bounds: readonly number[],
  ) {
    this.#head = head(name, help, "histogram");
    this.#counts = bounds.map(() => 0);
  }

  observe(value: number): void {
    const bucket = this.bounds.findIndex((bound) => value <= bound);
    if (bucket >= 0) this.#counts[bucket] = (this.#counts[bucket] as number) + 1;
    this.#count++;
    this.#sum += value;
  }

  toLines(): string[] {
    let sum = 0;
    const buckets = this.bounds.map((bound, i) => {
      sum += this.#counts[i] as number;
      return `${this.name}_bucket{le="${bound}"} ${sum}`;
    });
    const all = `${this.name}_bucket{le="+Inf"} ${this.#count}`;
    return [...this.#head, ...buckets, all, `${this.name}_sum ${this.#sum}`, `${this.name}_count ${this.#count}`];
  }
}

export function toText(metrics: readonly Metric[]): string {
  return metrics.map((metric) => `${metric.toLines().join("\n")}\n`).join("\n");
}

function head(name: string, help: string, type: string): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`];
}

function spellLabels(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(value)}"`);
  return pairs.length > 0 ? `{${pairs.join(",")}}` : "";
}

function escapeLabel(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll('"', '\\"');
}
