import { useEffect, useRef } from 'react';
import { NavLink, useLocation, useNavigate } from 'react-router';
import { useOpenBuyers } from '../buyers/queries.js';
import { useOpenCount } from '../inquiries/queries.js';
import '../inquiries/inquiries.css';
import { Connection } from '../live/Connection.js';
import { useSay, useWords } from '../shared/i18n.js';
import { useOutside } from '../shared/purposes.js';
import { usePlan, useSites } from '../shared/site.js';
import { PurposeChooser } from './PurposeChooser.js';
import { LanguageSwitch, ThemeSwitch } from './Switches.js';
import { SignOut, UserMenu } from './UserMenu.js';
import { useMay } from './session.js';
import { isOfMeasures } from './views.js';
import { words } from './words.js';

const VIEWS = [
  ['live', ''],
  ['areas', 'areas'],
  ['flows', 'flows'],
  ['history', 'history'],
  ['alerts', 'alerts'],
  ['system', 'system'],
  ['plan', 'plan'],
  ['reports', 'reports'],
  ['calendar', 'calendar'],
] as const;
const FOR_OPERATORS = [['inquiries', 'inquiries']] as const;
const FOR_ADMINISTRATORS = [
  ['buyers', 'buyers'],
  ['users', 'users'],
  ['audit', 'audit'],
] as const;

type ViewWord = (typeof VIEWS | typeof FOR_OPERATORS | typeof FOR_ADMINISTRATORS)[number][0];

export function Header() {
  const t = useWords(words);
  const say = useSay();
  const { site, name } = usePlan();
  const { data: sites = [] } = useSites();
  const go = useNavigate();
  const { pathname } = useLocation();
  const isOperator = useMay('operator');
  const isAdministrator = useMay('administrator');
  /** What waits for somebody, by its view. */
  const open: Partial<Record<ViewWord, number>> = {
    inquiries: useOpenCount(site, isOperator),
    buyers: useOpenBuyers(site, isAdministrator),
  };
  const menu = useRef<HTMLDetailsElement>(null);
  // On a phone the navigation is a sheet that closes once one has gone somewhere.
  useEffect(() => {
    if (menu.current !== null) menu.current.open = false;
  }, [pathname]);
  const link = ([word, path]: readonly [ViewWord, string]) => (
    <li key={word}>
      <NavLink to={path === '' ? `/sites/${site}` : `/sites/${site}/${path}`} end={path === ''}>
        {t[word]}
        <OpenCount count={open[word] ?? 0} />
      </NavLink>
    </li>
  );
  const isOutside = useOutside() !== undefined;
  const views = VIEWS.filter(([, path]) => !isOutside || !isOfMeasures(path));
  const links = [...views, ...(isOperator ? FOR_OPERATORS : [])].map(link);
  const more = isAdministrator ? FOR_ADMINISTRATORS.map(link) : [];
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
      <PurposeChooser />
      <Connection />
      <span className="bar-own">
        <LanguageSwitch />
        <ThemeSwitch />
        <UserMenu>
          {more.length === 0 ? null : (
            <nav aria-label={t.administrator}>
              <ul>{more}</ul>
            </nav>
          )}
        </UserMenu>
      </span>
      <details className="menu bar-menu" ref={menu}>
        <summary className="button">{t.menu}</summary>
        <div className="menu-sheet card">
          <nav aria-label={t.menu}>
            <ul>
              {links}
              {more}
            </ul>
          </nav>
          <div className="row bar-own-menu">
            <LanguageSwitch />
            <ThemeSwitch />
            <SignOut />
          </div>
        </div>
      </details>
    </header>
  );
}

/** How many wait, where any do. */
function OpenCount({ count }: { readonly count: number }) {
  const t = useWords(words);
  if (count === 0) return null;
  return (
    <span className="bar-count" role="img" aria-label={t.openOnes(String(count))}>
      {count}
    </span>
  );
}
