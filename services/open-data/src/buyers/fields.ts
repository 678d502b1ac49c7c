import { html, type Markup, type Words } from '@hitonami/privacy';
import { BUYER_LIMITS } from '@hitonami/records';

/** Who says it. @param id of the field, where a page has several */
export function personField({ say }: Words, id = 'person'): Markup {
  return html`<label for="${id}"
      >${say('お名前（記録に残ります）', 'Your name (it is kept)')}</label
    >
    <input
      id="${id}"
      name="person"
      required
      maxlength="${BUYER_LIMITS.person}"
      autocomplete="name"
    />`;
}

export function agreeField(text: string, id = 'agree'): Markup {
  return html`<div class="choice">
    <input type="checkbox" id="${id}" name="agree" value="yes" required /><label for="${id}"
      >${text}</label
    >
  </div>`;
}
