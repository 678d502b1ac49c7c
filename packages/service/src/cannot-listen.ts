import { HitonamiError } from '@hitonami/model';
import { formatAddress } from './config/fields.js';
import type { Address } from './config/fields.js';

/** Who is told that nothing can be listened on: a service by its key, or `hitonami up` by its option. */
export interface ListenerWords {
  /** What is not served. */
  what: string;
  /** The environment key of the address. */
  key: string;
  /** The option of `hitonami up`. */
  option: string;
}

/** What is told where an address cannot be listened on. */
export function cannotListen(
  { what, key, option }: ListenerWords,
  address: Address,
  cause: unknown,
): HitonamiError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const why = reason.includes('EADDRINUSE') ? 'the address is in use' : reason;
  return new HitonamiError(
    'CONFIG',
    `${what} cannot be served at ${formatAddress(address)}: ${why}. Choose another: ${key}, or ${option} of hitonami up.`,
    { cause },
  );
}
