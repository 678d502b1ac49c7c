import type { Alert } from '../../../src/contract/index.js';
import { useWords } from '../shared/i18n.js';
import { words } from './words.js';

export function Severity({ severity }: { readonly severity: Alert['severity'] }) {
  const t = useWords(words);
  return <span className={`severity severity-${severity}`}>{t[severity]}</span>;
}
