// An answer that is no result: a status, a code for programs, and a sentence for people.

export class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Record<string, string>;

  constructor(status: number, code: string, sentence: string, headers: Record<string, string> = {}) {
    super(sentence);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }

  toResponse(): Response {
    return Response.json({ error: this.message, code: this.code }, { status: this.status, headers: this.headers });
  }
}
