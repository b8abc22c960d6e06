// How often each class was taken for which, and what follows from it.

export interface ClassScore {
  label: string;
  /** Items of the class. */
  count: number;
  right: number;
  /** Of its items, those that were found; of those found, its items. NaN where there are none. */
  recall: number;
  precision: number;
  /** What it is most often taken for, if ever for another. */
  takenFor?: { label: string; count: number };
}

export class Confusion {
  readonly labels: readonly string[];
  /** counts[right * classes + found] */
  readonly counts: Float64Array;
  top5 = 0;

  constructor(classes: number, labels: readonly string[]) {
    this.labels = Array.from({ length: classes }, (_, index) => labels[index] ?? String(index));
    this.counts = new Float64Array(classes * classes);
  }

  /** Add an item by its scores; ties go to the lower class. */
  add(scores: ArrayLike<number>, right: number): void {
    const order = Array.from(scores, (_, index) => index).sort((a, b) => (scores[b] as number) - (scores[a] as number) || a - b);
    const at = right * this.labels.length + (order[0] as number);
    this.counts[at] = (this.counts[at] as number) + 1;
    if (order.slice(0, 5).includes(right)) this.top5++;
  }

  at(right: number, found: number): number {
    return this.counts[right * this.labels.length + found] as number;
  }

  get total(): number {
    return this.counts.reduce((a, b) => a + b, 0);
  }

  get top1(): number {
    return this.labels.reduce((sum, _, index) => sum + this.at(index, index), 0);
  }

  /** Per class, in the model's order. */
  get classes(): ClassScore[] {
    const all = this.labels.map((_, index) => index);
    return this.labels.map((label, index) => {
      const row = all.map((found) => this.at(index, found));
      const count = row.reduce((a, b) => a + b, 0);
      const found = all.reduce((sum, other) => sum + this.at(other, index), 0);
      const right = this.at(index, index);
      const others = row.map((n, other) => (other === index ? 0 : n));
      const most = Math.max(0, ...others);
      const takenFor = most > 0 ? { label: this.labels[others.indexOf(most)] as string, count: most } : undefined;
      return { label, count, right, recall: right / count, precision: right / found, ...(takenFor && { takenFor }) };
    });
  }
}
