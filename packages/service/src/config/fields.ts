import { z } from 'zod';

/** Where something listens or is reached. */
export interface Address {
  host: string;
  /** 0 to 65535; 0 lets the system choose when listening. */
  port: number;
}

/** A field from text by a function that returns undefined for a value it cannot read. */
function field<T>(expectation: string, read: (text: string) => T | undefined) {
  return z.string({ error: expectation }).transform((text, context): T => {
    const value = read(text.trim());
    if (value !== undefined) return value;
    context.addIssue({ code: 'custom', message: expectation });
    return z.NEVER;
  });
}

export function text(expectation = 'give some text') {
  return field(expectation, (value) => (value === '' ? undefined : value));
}

/** A whole number from `min` to `max`. */
export function integer(min: number, max: number) {
  return field(`must be a whole number from ${min} to ${max}`, (value) => {
    if (!/^[+-]?\d{1,15}$/.test(value)) return undefined;
    const number = Number(value);
    return number >= min && number <= max ? number : undefined;
  });
}

export function port() {
  return field('must be a port number from 0 to 65535, for example 9464', readPort);
}

/** `host:port`, for example `127.0.0.1:9464` or `[::1]:9464`. */
export function address() {
  return field<Address>(
    'must be an address with a port, for example 127.0.0.1:9464',
    (value): Address | undefined => {
      const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:/[\]]+)):(\d{1,5})$/.exec(value);
      const host = match?.[1] ?? match?.[2];
      const number = readPort(match?.[3] ?? '');
      return host === undefined || number === undefined ? undefined : { host, port: number };
    },
  );
}

export function formatAddress({ host, port: number }: Address): string {
  return host.includes(':') ? `[${host}]:${number}` : `${host}:${number}`;
}

function readPort(value: string): number | undefined {
  if (!/^\d{1,5}$/.test(value)) return undefined;
  const number = Number(value);
  return number <= 65_535 ? number : undefined;
}

const DURATION_UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** A length of time with its unit; the value is in milliseconds. */
export function durationMs(minMs = 0, maxMs = Number.MAX_SAFE_INTEGER) {
  const range =
    minMs > 0 || maxMs < Number.MAX_SAFE_INTEGER ? `, from ${minMs} ms to ${maxMs} ms` : '';
  return field(
    `must be a time with its unit (ms, s, m, h or d), for example 500ms or 10s${range}`,
    (value) => {
      const match = /^(\d{1,12}(?:\.\d{1,3})?)(ms|s|m|h|d)$/.exec(value);
      if (match === null) return undefined;
      const ms = Number(match[1]) * (DURATION_UNIT_MS[match[2] ?? ''] ?? Number.NaN);
      return Number.isInteger(ms) && ms >= minMs && ms <= maxMs ? ms : undefined;
    },
  );
}

const BYTE_UNIT: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
};

/** An amount of memory or disk with its unit; the value is in bytes. */
export function byteSize() {
  return field(
    'must be a size with its unit (B, kB, MB, GB, KiB, MiB or GiB), for example 8MiB',
    (value) => {
      const match = /^(\d{1,12}(?:\.\d{1,3})?)(B|kB|MB|GB|KiB|MiB|GiB)$/.exec(value);
      if (match === null) return undefined;
      const bytes = Number(match[1]) * (BYTE_UNIT[match[2] ?? ''] ?? Number.NaN);
      return Number.isSafeInteger(bytes) ? bytes : undefined;
    },
  );
}

export function boolean() {
  return field('must be yes or no', (value) => {
    if (/^(yes|true|1)$/i.test(value)) return true;
    if (/^(no|false|0)$/i.test(value)) return false;
    return undefined;
  });
}

/** Texts separated by commas, at least one, none empty. */
export function list(expectation = 'must be a list separated by commas') {
  return field(expectation, (value): string[] | undefined => {
    const items = value.split(',').map((item) => item.trim());
    return items.every((item) => item !== '') ? items : undefined;
  });
}

/** An `http:` or `https:` address. One with a user or password in it is refused: those belong in keys of their own. */
export function httpUrl() {
  return field(
    'must be an http:// or https:// address without user or password in it, for example http://127.0.0.1:8123',
    (value) => {
      if (!URL.canParse(value)) return undefined;
      const url = new URL(value);
      const isHttp = url.protocol === 'http:' || url.protocol === 'https:';
      return isHttp && url.username === '' && url.password === '' ? value : undefined;
    },
  );
}
