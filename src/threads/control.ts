// Words of the control block of assembly/threads/pool.ts that the host reads and writes.

/** Parts of the job that nobody has taken, a bit each. */
export const LEFT = 0;
/** Parts that are finished. */
export const DONE = 16;
/** Helpers that sleep: posting wakes them by LEFT. */
export const SLEEPERS = 32;
export const KERNEL = 33;
export const PARAMS = 34;
export const PARTS = 35;
/** 1: the thread that posted sleeps; finishing a part wakes it by DONE. */
export const IS_AWAITED = 36;
/** 1: a part ended in an exception. */
export const HAS_FAILED = 37;
