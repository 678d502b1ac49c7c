import { INQUIRY_LIMITS } from '@hitonami/records';
import type { Words } from '@hitonami/privacy';
import type { Written } from './pages.js';

/** What a form brought, read and judged. */
export type Reading =
  | { readonly ok: Written; readonly problem?: never; readonly isTrapped?: never }
  /** Only a machine fills in what nobody sees. */
  | { readonly isTrapped: true; readonly ok?: never; readonly problem?: never }
  | {
      readonly problem: string;
      readonly written: Written;
      readonly ok?: never;
      readonly isTrapped?: never;
    };

const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f\u202a-\u202e\u2066-\u2069]/gu;

export function readForm(form: URLSearchParams, { say }: Words): Reading {
  if ((form.get('website') ?? '') !== '') return { isTrapped: true };
  const written = {
    text: clean((form.get('text') ?? '').replaceAll('\r\n', '\n')).trim(),
    contact: clean((form.get('contact') ?? '').replaceAll(/\s+/g, ' ')).trim(),
  };
  if (written.text === '')
    return { written, problem: say('内容をお書きください。', 'Please write something.') };
  if (written.text.length > INQUIRY_LIMITS.text)
    return {
      written,
      problem: say(
        `長すぎます。${INQUIRY_LIMITS.text}文字までにしてください（いま${written.text.length}文字）。`,
        `This is too long: at most ${INQUIRY_LIMITS.text} characters (it has ${written.text.length}).`,
      ),
    };
  if (written.contact.length > INQUIRY_LIMITS.contact)
    return {
      written,
      problem: say(
        `連絡先は${INQUIRY_LIMITS.contact}文字までにしてください。`,
        `The contact may have at most ${INQUIRY_LIMITS.contact} characters.`,
      ),
    };
  return { ok: written };
}

/** Without controls, and without what turns the direction of text. */
function clean(text: string): string {
  return text.replaceAll(CONTROL, '');
}
