// A request that is answered by a sentence.

export type RefusalStatus = 400 | 413 | 415 | 422 | 503;

/** Thrown by handlers; the app makes the answer of it: { error: { code, message } }. */
export class Refusal extends Error {
  readonly status: RefusalStatus;
  readonly code: string;

  constructor(status: RefusalStatus, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}
