import { useEffect, useRef } from 'react';
import { NavLink, useLocation, useNavigate } from 'react-router';
import { Connection } from '../live/Connection.js';
import { useSay, useWords } from '../shared/i18n.js';
import { usePlan, useSites } from '../shared/site.js';
import { LanguageSwitch, ThemeSwitch } from './Switches.js';
import { UserMenu } from './UserMenu.js';
import { useMay } from './session.js';
import { words } from './words.js';

const VIEWS = [
  ['live', ''],
  ['areas', 'areas'],
  ['flows', 'flows'],
  ['history', 'history'],
  ['alerts', 'alerts'],
  ['handover', 'handover'],
  ['system', 'system'],
  ['plan', 'plan'],
  ['reports', 'reports'],
  ['calendar', 'calendar'],
] as const;
const FOR_ADMINISTRATORS = [
  ['users', 'users'],
  ['audit', 'audit'],
] as const;

export function Header() {
  const t = useWords(words);
  const say = useSay();
  const { site, name } = usePlan();
  const { data: sites = [] } = useSites();
  const go = useNavigate();
  const { pathname } = useLocation();
  const isAdministrator = useMay('administrator');
  const menu = useRef<HTMLDetailsElement>(null);
  // On a phone the navigation is a sheet that closes once one has gone somewhere.
  useEffect(() => {
    if (menu.current !== null) menu.current.open = false;
  }, [pathname]);
  const links = [...VIEWS, ...(isAdministrator ? FOR_ADMINISTRATORS : [])].map(([word, path]) => (
    <li key={word}>
      <NavLink to={path === '' ? `/sites/${site}` : `/sites/${site}/${path}`} end={path === ''}>
        {t[word]}
      </NavLink>
    </li>
  ));
  return (
    <header className="bar">
      {sites.length > 1 ? (
        <select
          className="bar-site"
          aria-label={t.site}
          value={site}
          onChange={(event) => void go(`/sites/${event.target.value}`)}
        >
          {sites.map((each) => (
            <option key={each.site} value={each.site}>
              {say(each.name)}
            </option>
          ))}
        </select>
      ) : (
        <span className="bar-name">{say(name)}</span>
      )}
      <nav className="bar-views" aria-label={t.navigation}>
        <ul>{links}</ul>
      </nav>
      <span className="bar-space" />
      <Connection />
      <LanguageSwitch />
      <ThemeSwitch />
      <UserMenu />
      <details className="menu bar-menu" ref={menu}>
        <summary className="button">{t.menu}</summary>
        <nav className="menu-sheet card" aria-label={t.menu}>
          <ul>{links}</ul>
        </nav>
      </details>
    </header>
  );
}
