import type { Problem } from '../../../src/contract/index.js';
import { learnServerClock } from './server-clock.js';

const PREFIX = '/api/v1';
/** A request that takes longer is given up, milliseconds. */
const TIMEOUT_MS = 20_000;

/** An answer that is no success, or none at all (`offline`, `timeout`). */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  /** `problem.error` of the contract, or `offline`, `timeout`, `unknown`. */
  readonly code: string;
  readonly issues: NonNullable<Problem['issues']>;
  /** What the server says in either language. */
  readonly sentence: Problem['sentence'];

  constructor(
    status: number,
    code: string,
    message: string,
    issues: Problem['issues'] = [],
    sentence?: Problem['sentence'],
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.issues = issues;
    this.sentence = sentence;
  }
}

let csrfToken: string | null = null;
let whenSignedOut: () => void = () => undefined;

/** The token of the session, sent with everything that changes something. */
export function setCsrfToken(token: string | null): void {
  csrfToken = token;
}
/** Called when the server says that the session has ended. */
export function onSignedOut(listener: () => void): void {
  whenSignedOut = listener;
}

/** `url('/sites/a/flows', { from })`: the address of a request or a download; what is undefined is left out. */
export function url(
  path: string,
  query: Readonly<Record<string, string | number | undefined>> = {},
): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query))
    if (value !== undefined) search.set(key, String(value));
  const text = search.toString();
  return `${PREFIX}${path}${text === '' ? '' : `?${text}`}`;
}

async function problemOf(response: Response): Promise<ApiError> {
  const body: unknown = await response.json().catch(() => undefined);
  const said = (body ?? {}) as Partial<Problem>;
  return new ApiError(
    response.status,
    said.error ?? 'unknown',
    said.message ?? `${response.status} ${response.statusText}`,
    said.issues,
    said.sentence,
  );
}

async function request<T>(method: string, address: string, body?: unknown): Promise<T> {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (body !== undefined) headers['content-type'] = 'application/json';
  if (method !== 'GET' && csrfToken !== null) headers['x-csrf-token'] = csrfToken;
  let response: Response;
  const sentMs = Date.now();
  try {
    response = await fetch(address, {
      method,
      headers,
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch (error) {
    const isTimeout = error instanceof DOMException && error.name === 'TimeoutError';
    throw new ApiError(0, isTimeout ? 'timeout' : 'offline', String(error));
  }
  learnServerClock(response.headers.get('date'), sentMs, Date.now());
  if (!response.ok) {
    const problem = await problemOf(response);
    if (problem.status === 401 && problem.code === 'signed-out') whenSignedOut();
    throw problem;
  }
  if (response.status === 204 || response.headers.get('content-length') === '0')
    return undefined as T;
  return (await response.json()) as T;
}

/** Reads: `get<Flows>('/sites/a/flows', { from, to })`. Throws ApiError. */
export function get<T>(
  path: string,
  query?: Readonly<Record<string, string | number | undefined>>,
): Promise<T> {
  return request<T>('GET', url(path, query));
}

/** Changes: `send('POST', '/alerts/7/acknowledge', { note })`. Throws ApiError. */
export function send<T = unknown>(
  method: 'POST' | 'PATCH' | 'DELETE',
  path: string,
  body?: unknown,
): Promise<T> {
  return request<T>(method, url(path), body);
}
