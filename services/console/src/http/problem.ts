import { LogAway } from '@hitonami/event-log';
import { HitonamiError } from '@hitonami/model';
import { NO_ROOM, RecordsAway } from '@hitonami/records';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import {
  hasZodFastifySchemaValidationErrors,
  isResponseSerializationError,
} from 'fastify-type-provider-zod';
import type { Problem } from '../contract/index.js';

/** An answer that says what was wrong with the request, or with the console, and what to do. */
export class ProblemError extends Error {
  readonly status: number;
  readonly problem: Problem;

  constructor(status: number, error: string, message: string, issues?: Problem['issues']) {
    super(message);
    this.status = status;
    this.problem = { error, message, ...(issues === undefined ? {} : { issues }) };
  }
}

export const notFound = (what: string): ProblemError =>
  new ProblemError(404, 'not-found', `${what} is not known here`);

/** How long a caller should wait before asking again for what is away, s. */
const RETRY_AFTER_S = 5;

/** Every error of the API as a `problem`. What went wrong inside is logged, not told. */
export function answerProblem(
  error: FastifyError | Error,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const { status, problem } = problemOf(error);
  if (status >= 500) request.log.warn({ err: error, status }, 'a request failed');
  if (status === 503) void reply.header('retry-after', RETRY_AFTER_S);
  return reply.code(status).type('application/json').send(JSON.stringify(problem));
}

function problemOf(error: FastifyError | Error): { status: number; problem: Problem } {
  if (error instanceof ProblemError) return { status: error.status, problem: error.problem };
  if (hasZodFastifySchemaValidationErrors(error)) {
    const issues = error.validation.map(({ instancePath, message }) => ({
      key: instancePath.replace(/^\//, '').replaceAll('/', '.'),
      problem: message ?? 'is not as it must be',
      mend: 'see /api/v1/openapi.json',
    }));
    return told(400, 'invalid', 'The request is not as the API describes it.', issues);
  }
  if (error instanceof HitonamiError) return fromHitonami(error);
  if (isResponseSerializationError(error))
    return told(500, 'internal', 'The console made an answer that it cannot send; it is logged.');
  const { statusCode, code } = error as FastifyError;
  if (statusCode === 413) return told(413, 'too-large', 'The request is larger than is taken.');
  if (statusCode === 429) return told(429, 'too-many', 'Too many requests: wait a minute.');
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return told(statusCode, 'invalid', `The request cannot be read (${code}).`);
  return told(500, 'internal', 'The console failed on this request; it is logged.');
}

function fromHitonami(error: HitonamiError): { status: number; problem: Problem } {
  switch (error.code) {
    case 'INPUT':
    case 'PLAN':
      return told(400, 'invalid', error.message);
    case 'WAREHOUSE':
      // A question that ClickHouse does not understand is a fault of ours, unless its tables are still to be made.
      if (!error.canRetry && !SCHEMA_MISSING.has(error.detail ?? '')) break;
      return away('What keeps the measures');
    case 'UNAVAILABLE':
      if (error instanceof LogAway) return logAway();
      if (!(error instanceof RecordsAway)) return away('What keeps the measures');
      return error.detail === NO_ROOM
        ? told(503, 'unavailable', FULL)
        : away('What keeps accounts, alerts and plans');
    case 'LOG':
    case 'LOG_FULL':
    case 'STOPPED':
      return logAway();
    default:
  }
  return told(500, 'internal', 'The console failed on this request; it is logged.');
}

const FULL =
  'The disk of the console is full, so nothing was kept: make room. What is live goes on; ask again then.';

/** ClickHouse's codes of a table and a database that are not there. */
const SCHEMA_MISSING = new Set(['60', '81']);

function logAway() {
  return told(503, 'unavailable', 'The event log does not answer for now; ask again shortly.');
}

function away(what: string) {
  return told(
    503,
    'unavailable',
    `${what} does not answer for now. What is live goes on; ask again shortly.`,
  );
}

function told(
  status: number,
  error: string,
  message: string,
  issues?: Problem['issues'],
): { status: number; problem: Problem } {
  return { status, problem: { error, message, ...(issues === undefined ? {} : { issues }) } };
}
