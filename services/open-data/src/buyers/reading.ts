import type { Words } from '@hitonami/privacy';
import { BUYER_LIMITS } from '@hitonami/records';

/** What an organisation writes when it applies. */
export interface Application {
  readonly organisation: string;
  readonly contact: string;
  readonly intent: string;
  /** Ids of datasets. */
  readonly wanted: readonly string[];
}

export const NOTHING: Application = { organisation: '', contact: '', intent: '', wanted: [] };

/** What the form brought, read and judged. */
export type Reading =
  | { readonly ok: Application; readonly problem?: never; readonly isTrapped?: never }
  /** Only a machine fills in what nobody sees. */
  | { readonly isTrapped: true; readonly ok?: never; readonly problem?: never }
  | {
      readonly problem: string;
      readonly written: Application;
      readonly ok?: never;
      readonly isTrapped?: never;
    };

const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** @param offered ids of the datasets that can be asked for */
export function readApplication(
  form: URLSearchParams,
  offered: readonly string[],
  { say }: Words,
): Reading {
  if ((form.get('website') ?? '') !== '') return { isTrapped: true };
  const written: Application = {
    organisation: lineOf(form, 'organisation'),
    contact: lineOf(form, 'contact'),
    intent: (form.get('intent') ?? '').replaceAll('\r\n', '\n').replaceAll(CONTROL, '').trim(),
    wanted: offered.filter((id) => form.getAll('wanted').includes(id)),
  };
  const names = {
    organisation: say('団体名', 'the organisation'),
    contact: say('連絡先', 'the contact'),
    intent: say('利用目的', 'what it is for'),
  };
  for (const [key, name] of Object.entries(names) as [keyof typeof names, string][]) {
    const { length } = written[key];
    if (length === 0)
      return { written, problem: say(`${name}をお書きください。`, `Please say ${name}.`) };
    if (length > BUYER_LIMITS[key])
      return {
        written,
        problem: say(
          `${name}は${BUYER_LIMITS[key]}文字までにしてください（いま${length}文字）。`,
          `At most ${BUYER_LIMITS[key]} characters for ${name} (it has ${length}).`,
        ),
      };
  }
  if (written.wanted.length === 0)
    return {
      written,
      problem: say('データセットを一つ以上お選びください。', 'Please choose at least one dataset.'),
    };
  return { ok: written };
}

/** One line, without what could disguise it. */
export function lineOf(form: URLSearchParams, key: string): string {
  return (form.get(key) ?? '').replaceAll(/\s+/g, ' ').replaceAll(CONTROL, '').trim();
}
