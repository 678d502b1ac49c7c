import { inspect } from 'node:util';
import { z } from 'zod';

const HIDDEN = '[secret]';

/** A value that prints, logs and serialises as `[secret]`; only `reveal()` gives it. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return HIDDEN;
  }

  toJSON(): string {
    return HIDDEN;
  }

  [inspect.custom](): string {
    return HIDDEN;
  }
}

const secrets = z.registry<{ isSecret: true }>();

/** A field whose value must never be shown, such as a password. Use `optionalSecret` where it may be absent. */
export function secret() {
  return remember(z.string().transform((text) => new Secret(text)));
}

export function optionalSecret() {
  return remember(secret().optional());
}

function remember<S extends z.ZodType>(schema: S): S {
  secrets.add(schema, { isSecret: true });
  return schema;
}

/** By its schema, also one refined since; and, to be sure, by its name. */
export function isSecretField(name: string, schema: z.core.$ZodType | undefined): boolean {
  if (/(password|passphrase|secret|token)$/i.test(name)) return true;
  return schema !== undefined && secrets.get(schema as z.ZodType) !== undefined;
}
