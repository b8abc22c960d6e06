// How threads share a kernel call, in the build with shared memory. One thread, the host's, posts a job in the control
// block; it and its helpers take parts of it until none is left, so a helper that sleeps or is late delays nobody. Each takes the part of
// its own number first: what it reads then is what it wrote in the job before, and still in its core's cache.
//
//   byte  0     64    128      132    136    140   144       148
//         claim done  sleepers kernel params parts isAwaited hasFailed      (192 reserved, 64-byte aligned)
//
//   claim   i64: number of the job << 32 | bit p: nobody has taken part p
//   done    i32: parts of the job that are finished
//   hasFailed: for the host's use
// claim and done have cache lines of their own. A part is taken by compare-and-exchange of the whole claim, so nobody takes
// part in a job that is over; what describes a job does not change while a part of it is untaken or unfinished.
// Sleeping is the host's: V8 11 (Node 20) loses locals that live across memory.atomic.wait64, so nothing here waits.

const DONE: usize = 64;
const SLEEPERS: usize = 128;
const KERNEL: usize = 132;
const PARAMS: usize = 136;
const PARTS: usize = 140;
const IS_AWAITED: usize = 144;

/** Bytes of the control block. */
export function pool_bytes(): u32 {
  return 192;
}

/** Post a job of 1 to 32 parts. The one before must be over. */
export function pool_post(control: usize, kernel: u32, params: u32, parts: u32): void {
  store<u32>(control + KERNEL, kernel);
  store<u32>(control + PARAMS, params);
  store<u32>(control + PARTS, parts);
  atomic.store<i32>(control + DONE, 0);
  atomic.store<u64>(control, ((atomic.load<u64>(control) >> 32) + 1) << 32 | ((u32.MAX_VALUE >> (32 - parts)) as u64));
  if (atomic.load<i32>(control + SLEEPERS)) atomic.notify(control, -1);
}

/** Take a part of the job, part `own` if it is left, looking for one up to `checks` times; -1: there is none. */
export function pool_take(control: usize, own: u32, checks: u32): i32 {
  for (; checks; checks--) {
    // Another thread may be quicker: that is no reason to leave what it left.
    for (let claim = atomic.load<u64>(control); claim as u32; claim = atomic.load<u64>(control)) {
      const left = claim as u32;
      const part = (left >> own) & 1 ? own : ctz(left);
      if (atomic.cmpxchg<u64>(control, claim, claim ^ ((1 as u64) << part)) == claim) return part;
    }
  }
  return -1;
}

/** Say that a part is finished. */
export function pool_finish(control: usize): void {
  atomic.add<i32>(control + DONE, 1);
  if (atomic.load<i32>(control + IS_AWAITED)) atomic.notify(control + DONE, 1);
}

/** See whether all parts are finished, looking up to `checks` times. */
export function pool_join(control: usize, checks: u32): bool {
  const parts = load<i32>(control + PARTS);
  for (; checks; checks--) {
    if (atomic.load<i32>(control + DONE) == parts) return true;
  }
  return false;
}
