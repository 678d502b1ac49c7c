import { useCallback, useEffect, useRef, useState } from 'react';
import type { Alert } from '../../../src/contract/index.js';
import { remember, remembered } from '../shared/memory.js';
import { serverNow } from '../shared/server-clock.js';
import { dueTone, TONES } from './tones.js';
import type { Sounded } from './tones.js';

/** `waits`: wanted, but the browser plays nothing before somebody has clicked or typed on the page. */
export type SoundState = 'on' | 'off' | 'waits';

const VOLUME = 0.35;
const CHECK_MS = 500;
/** Fades in and out, so that no note clicks; seconds. */
const EDGE_S = 0.015;

function play(audio: AudioContext, severity: Alert['severity']): void {
  for (const { hz, startS, lengthS } of TONES[severity]) {
    const begin = audio.currentTime + 0.02 + startS;
    const gain = audio.createGain();
    gain.gain.setValueAtTime(0, begin);
    gain.gain.linearRampToValueAtTime(VOLUME, begin + EDGE_S);
    gain.gain.setValueAtTime(VOLUME, begin + lengthS - EDGE_S);
    gain.gain.linearRampToValueAtTime(0, begin + lengthS);
    const oscillator = audio.createOscillator();
    oscillator.type = 'triangle';
    oscillator.frequency.value = hz;
    oscillator.connect(gain).connect(audio.destination);
    oscillator.start(begin);
    oscillator.stop(begin + lengthS);
  }
}

/** Sounds the alerts that need somebody, if wanted and allowed. */
export function useSound(alerts: readonly Alert[]): {
  readonly state: SoundState;
  readonly toggle: () => void;
} {
  const [isWanted, setWanted] = useState(() => remembered('sound') !== 'off');
  const [isAllowed, setAllowed] = useState(false);
  const audio = useRef<AudioContext>(undefined);
  const sounded = useRef<Sounded>(new Map());
  const latest = useRef(alerts);
  useEffect(() => {
    latest.current = alerts;
  }, [alerts]);

  // Any first gesture on the page is the permission that browsers ask for.
  const allow = useCallback(() => {
    const context = (audio.current ??= new AudioContext());
    context.onstatechange = () => setAllowed(context.state === 'running');
    context.resume().then(
      () => setAllowed(context.state === 'running'),
      () => setAllowed(false),
    );
  }, []);
  useEffect(() => {
    addEventListener('pointerdown', allow);
    addEventListener('keydown', allow);
    return () => {
      removeEventListener('pointerdown', allow);
      removeEventListener('keydown', allow);
    };
  }, [allow]);
  useEffect(
    () => () => {
      void audio.current?.close();
      audio.current = undefined;
    },
    [],
  );

  useEffect(() => {
    if (!isWanted || !isAllowed) return undefined;
    const check = () => {
      const due = dueTone(latest.current, sounded.current, performance.now(), serverNow());
      sounded.current = due.sounded;
      if (due.tone !== undefined && audio.current !== undefined) play(audio.current, due.tone);
    };
    const timer = setInterval(check, CHECK_MS);
    return () => clearInterval(timer);
  }, [isWanted, isAllowed]);

  const toggle = useCallback(() => {
    setWanted((was) => {
      remember('sound', was ? 'off' : 'on');
      return !was;
    });
  }, []);
  return { state: !isWanted ? 'off' : isAllowed ? 'on' : 'waits', toggle };
}
