// The two ways a command ends badly. Both print one sentence and no stack trace; main.ts turns them into exit codes.

/** The work could not be done (exit code 1). The message says what was found, what is needed, what to do. */
export class Failure extends Error {}

/** The command line asks for something that makes no sense (exit code 2). */
export class UsageError extends Error {}

/** Errors whose messages are written for users: they need a file name in front, nothing else. */
const STAGES = ["LoadError", "PlanError", "RunError", "ConvertError", "Failure"];

/** Do `work` on a file; what goes wrong is reported with the file's name in front. */
export async function about<T>(path: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof UsageError || !isForUsers(error)) throw error;
    throw new Failure(error.message.startsWith(path) ? error.message : `${path}: ${error.message}`);
  }
}

/** Tell errors with a message for users from mistakes in this program. */
export function isForUsers(error: unknown): error is Error {
  return error instanceof Failure || (error instanceof Error && STAGES.includes(error.name));
}
