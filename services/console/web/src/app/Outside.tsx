import type { ReactNode } from 'react';
import { useLocation } from 'react-router';
import { useSay, useWords } from '../shared/i18n.js';
import { useOutside } from '../shared/purposes.js';
import { isOfMeasures } from './views.js';
import { words } from './words.js';

/** A view of what was measured; for who acts for somebody outside, why there is none, and what to take instead. */
export function InsideAlone({ children }: { readonly children: ReactNode }) {
  const t = useWords(words);
  const say = useSay();
  const outside = useOutside();
  const [, , , view = ''] = useLocation().pathname.split('/');
  if (outside === undefined || !isOfMeasures(view)) return children;
  return (
    <main id="main" className="page">
      <h1>{t.outside}</h1>
      <p className="card">{say(outside)}</p>
    </main>
  );
}
