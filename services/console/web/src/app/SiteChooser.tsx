import { Link, Navigate } from 'react-router';
import { Fault } from '../shared/Fault.js';
import { useSay, useWords } from '../shared/i18n.js';
import { useSites } from '../shared/site.js';
import { Waiting } from '../shared/Waiting.js';
import { UserMenu } from './UserMenu.js';
import { LanguageSwitch, ThemeSwitch } from './Switches.js';
import { words } from './words.js';

/** With one site, that one at once. */
export function SiteChooser() {
  const t = useWords(words);
  const say = useSay();
  const { data: sites, error, refetch } = useSites();
  const [first, ...others] = sites ?? [];
  if (first !== undefined && others.length === 0)
    return <Navigate to={`/sites/${first.site}`} replace />;
  return (
    <>
      <header className="bar">
        <span className="bar-name">{t.product}</span>
        <span className="bar-space" />
        <LanguageSwitch />
        <ThemeSwitch />
        <UserMenu />
      </header>
      <main id="main" className="page">
        <h1>{t.sites}</h1>
        {error !== null ? <Fault error={error} onRetry={refetch} /> : null}
        {sites === undefined && error === null ? <Waiting /> : null}
        {sites?.length === 0 ? <p>{t.noSites}</p> : null}
        <ul className="choices">
          {(sites ?? []).map((site) => (
            <li key={site.site}>
              <Link className="card choice" to={`/sites/${site.site}`}>
                <strong>{say(site.name)}</strong>
                <span className="quiet">{t.planVersion(site.planVersion)}</span>
              </Link>
            </li>
          ))}
        </ul>
      </main>
    </>
  );
}
