import { dictionary, useLanguage, useWords } from './i18n.js';
import { problemSentence } from './problem-words.js';

const words = dictionary({ again: { ja: 'もう一度試す', en: 'Try again' } });

/** An error where a part of a page should be, with a way to try again. */
export function Fault({
  error,
  onRetry,
}: {
  readonly error: unknown;
  readonly onRetry?: () => unknown;
}) {
  const t = useWords(words);
  const { language } = useLanguage();
  return (
    <div className="fault" role="alert">
      <p>{problemSentence(error, language)}</p>
      {onRetry === undefined ? null : (
        <button type="button" className="button" onClick={() => void onRetry()}>
          {t.again}
        </button>
      )}
    </div>
  );
}
