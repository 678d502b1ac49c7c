import { useEffect } from 'react';
import { Outlet, useNavigation, useParams } from 'react-router';
import { Fault } from '../shared/Fault.js';
import { useSay, useWords } from '../shared/i18n.js';
import { remember } from '../shared/memory.js';
import { PurposesProvider, useOutside } from '../shared/purposes.js';
import { PlanProvider, usePlanQuery } from '../shared/site.js';
import { Waiting } from '../shared/Waiting.js';
import { AlertBanner } from '../alerts/AlertBanner.js';
import { LiveProvider } from '../live/LiveProvider.js';
import { Header } from './Header.js';
import { InsideAlone } from './Outside.js';
import { words } from './words.js';

/** Everything of one site: its plan, its live stream, navigation and alerts around the view. */
export function SiteLayout() {
  const site = useParams()['site'] ?? '';
  const t = useWords(words);
  const say = useSay();
  const { data, error, refetch } = usePlanQuery(site);
  const name = data === undefined ? site : say(data.plan.name);
  const isLoading = useNavigation().state === 'loading';
  useEffect(() => {
    remember('site', site);
  }, [site]);
  useEffect(() => {
    document.title = `${name} – ${t.product}`;
  }, [name, t]);
  if (data === undefined)
    return error === null ? (
      <Waiting />
    ) : (
      <main id="main" className="page">
        <Fault error={error} onRetry={refetch} />
      </main>
    );
  return (
    <PlanProvider value={data.plan}>
      <PurposesProvider key={site} site={site}>
        <LiveProvider site={site}>
          <a className="skip" href="#main">
            {t.skip}
          </a>
          <Header />
          <Banner />
          <div className={isLoading ? 'view is-loading' : 'view'}>
            <InsideAlone>
              <Outlet />
            </InsideAlone>
          </div>
        </LiveProvider>
      </PurposesProvider>
    </PlanProvider>
  );
}

/** Outside nobody is told of alerts. */
function Banner() {
  return useOutside() === undefined ? <AlertBanner /> : null;
}
