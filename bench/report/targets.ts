// The targets Hybit sets itself, and whether what was measured meets them.

/** How a measure is read: times as fast as another (more is better), the part by which Hybit is slower, or MiB (less is better). */
export type Unit = "times" | "slower" | "MiB";

export interface Target {
  work: string;
  against: string;
  atLeast: number;
  aim: number;
  /** Default "times". */
  unit?: Unit;
}

export type Verdict = "missed" | "met" | "aim met" | "not measured";

export interface Judged extends Target {
  /** What was measured, by the name of each case: a shape, a network. */
  measured: Record<string, number>;
  verdict: Verdict;
}

/** The worst case decides. */
export function judge(target: Target, measured: Record<string, number>): Judged {
  const values = Object.values(measured);
  const isLessBetter = (target.unit ?? "times") !== "times";
  const reaches = (limit: number) => values.every((value) => (isLessBetter ? value <= limit : value >= limit));
  const verdict = values.length === 0 ? "not measured" : reaches(target.aim) ? "aim met" : reaches(target.atLeast) ? "met" : "missed";
  return { ...target, measured, verdict };
}

/** Hybit's time against another's. */
export function compare(hybit: number, other: number, { unit }: Target): number {
  return unit === "slower" ? hybit / other - 1 : other / hybit;
}
