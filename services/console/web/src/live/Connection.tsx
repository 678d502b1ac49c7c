import { useEffect, useState } from 'react';
import { words } from '../app/words.js';
import { duration } from '../shared/format.js';
import { useLanguage, useWords } from '../shared/i18n.js';
import { usePurpose, usePurposes } from '../shared/purposes.js';
import { serverNow } from '../shared/server-clock.js';
import { useConnectionStatus, useLiveStore } from './LiveProvider.js';

const TICK_MS = 500;
/** Older than this, the newest picture is not live any more, seconds. */
const LATE_S = 3;

/** How old the newest picture is; clear words where nothing comes. Its changes of kind are announced, its ticking is not. */
export function Connection() {
  const t = useWords(words);
  const { language } = useLanguage();
  const store = useLiveStore();
  const status = useConnectionStatus();
  const [now, setNow] = useState(serverNow);
  const { answer } = usePurposes();
  const { purpose } = usePurpose('live');
  useEffect(() => {
    const timer = setInterval(() => setNow(serverNow()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  const at = store.picture()?.snapshot.at;
  const ageS = at === undefined ? undefined : Math.max(0, (now - Date.parse(at)) / 1000);
  const ago = (s: number) => (s < 10 ? t.seconds(s.toFixed(1)) : duration(s, language));
  // Who is outside has no stream.
  if (answer !== undefined && answer.outside !== null) return null;
  if (status === 'lost') {
    const lostS = (now - (store.lostSinceMs() ?? now)) / 1000;
    return (
      <p className="connection is-lost">
        {t.lost(duration(lostS, language))}
        <span className="visually-hidden" role="alert">
          {t.lostShort}
        </span>
      </p>
    );
  }
  // Who is shown no people waits for no picture.
  if (answer !== undefined && purpose === undefined && status === 'open') return null;
  if (ageS === undefined)
    return <p className="connection is-late">{status === 'open' ? t.noPicture : t.connecting}</p>;
  if (ageS > LATE_S)
    return <p className="connection is-late">{t.late(duration(ageS, language))}</p>;
  return (
    <p className="connection">
      <span className="connection-dot" aria-hidden="true" />
      {t.picture(ago(ageS))}
    </p>
  );
}
