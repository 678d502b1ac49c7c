import { dictionary, useWords } from './i18n.js';

const words = dictionary({ waiting: { ja: '読み込み中…', en: 'Loading…' } });

export function Waiting() {
  const t = useWords(words);
  return (
    <p className="waiting" role="status">
      {t.waiting}
    </p>
  );
}
