// What every part of the bench is given, and what it gives back.
import type { Clock } from "./machine.ts";
import type { Peaks } from "./micro/micro.ts";
import type { Peer } from "./peers/peer.ts";
import type { Times } from "./report/stats.ts";
import type { ReportTable } from "./report/table.ts";
import type { Judged } from "./report/targets.ts";

export interface Bench {
  rounds: number;
  clock: Clock;
  /** The figure that tables and ratios are made of. */
  pick: (times: Times) => number;
  /** Opened when a part needs them; none with --no-peers. */
  peers: () => Promise<readonly Peer[]>;
  /** Peers are wanted, and installed. */
  hasPeers: () => boolean;
  /** Measured when a part needs them. */
  peaks: () => Promise<Peaks>;
  /** Only cases whose name contains this. */
  only: string | undefined;
  /** Tell the person at the screen what goes on. */
  say: (sentence: string) => void;
}

export interface PartResult {
  tables: ReportTable[];
  targets?: Judged[];
  /** Everything measured, for --json. */
  data: unknown;
}
