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
      <span aria-hidden="true">{state === 'on' ? '🔊' : '🔇'}</span> {text}
    </button>
  );
}
