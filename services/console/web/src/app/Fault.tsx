import { Link, isRouteErrorResponse, useRouteError } from 'react-router';
import { useLanguage, useWords } from '../shared/i18n.js';
import { problemSentence } from '../shared/problem-words.js';
import { words } from './words.js';

export function NotFound() {
  const t = useWords(words);
  return (
    <main id="main" className="page">
      <h1>{t.notFound}</h1>
      <p>
        <Link to="/">{t.toStart}</Link>
      </p>
    </main>
  );
}

/** What a view that broke leaves: a sentence and a way on; alerts and navigation around it stay. */
export function RouteFault() {
  const error = useRouteError();
  const { language } = useLanguage();
  const t = useWords(words);
  if (isRouteErrorResponse(error) && error.status === 404) return <NotFound />;
  return (
    <main id="main" className="page">
      <h1>{t.broke}</h1>
      <p>{problemSentence(error, language)}</p>
      <details>
        <summary>{t.detail}</summary>
        <pre>{error instanceof Error ? error.message : String(error)}</pre>
      </details>
      <p>
        <button
          type="button"
          className="button"
          onClick={() => {
            location.reload();
          }}
        >
          {t.reload}
        </button>
      </p>
    </main>
  );
}
