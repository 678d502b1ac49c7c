import type { Alert } from '../../../src/contract/index.js';
import { useWords } from '../shared/i18n.js';
import { useSound } from './sound.js';
import { words } from './words.js';

/** Whether alerts sound, always shown: a muted console must not look like a quiet station. */
export function SoundSwitch({ alerts }: { readonly alerts: readonly Alert[] }) {
  const t = useWords(words);
  const { state, toggle } = useSound(alerts);
  const text = { on: t.soundOn, off: t.soundOff, waits: t.soundWaits }[state];
  return (
    <button
      type="button"
      className={`button sound is-${state}`}
      title={state === 'waits' ? t.soundWhy : undefined}
      // The click that a waiting sound waits for must not switch it off.
      onClick={state === 'waits' ? undefined : toggle}
    >
      <svg viewBox="0 0 20 20" aria-hidden="true">
        <path d="M2 7h4l5-4v14l-5-4H2z" fill="currentColor" />
        <path
          d={
            state === 'on'
              ? 'M13.500 7a4 4 0 0 1 0 6M16 4.500a8 8 0 0 1 0 11'
              : 'M13 7l6 6M19 7l-6 6'
          }
          fill="none"
          stroke="currentColor"
          strokeWidth="2"
        />
      </svg>
      <span className="sound-text">{text}</span>
    </button>
  );
}
