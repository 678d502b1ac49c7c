import { ProblemError } from '../http/problem.js';

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** What is wrong with an uploaded picture, and what to do. */
export function refusal(message: string, cause?: unknown): ProblemError {
  const issue = { key: 'picture', problem: message, mend: 'choose or make another picture' };
  const error = new ProblemError(400, 'invalid', message, [issue]);
  if (cause !== undefined) error.cause = cause;
  return error;
}
