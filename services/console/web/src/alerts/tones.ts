import type { Alert } from '../../../src/contract/index.js';
import { isMoreSevere, needsSomebody } from './describe.js';

type Severity = Alert['severity'];

export interface Note {
  readonly hz: number;
  readonly startS: number;
  readonly lengthS: number;
}

/** Each severity has a melody of its own, told apart without looking: one low note, two, a rising fourfold call. */
export const TONES: Readonly<Record<Severity, readonly Note[]>> = {
  warning: [{ hz: 523, startS: 0, lengthS: 0.35 }],
  critical: [
    { hz: 698, startS: 0, lengthS: 0.22 },
    { hz: 698, startS: 0.32, lengthS: 0.22 },
  ],
  emergency: [0, 0.2, 0.4, 0.6].map((startS, i) => ({
    hz: i % 2 === 0 ? 880 : 1_175,
    startS,
    lengthS: 0.17,
  })),
};

/** How long until a call that nobody has acknowledged sounds again, ms; a warning sounds once. */
export const REPEAT_MS: Readonly<Record<Severity, number>> = {
  warning: Infinity,
  critical: 10_000,
  emergency: 3_000,
};

/** Severity at which each alert has sounded, and when: what is not active any more is forgotten. */
export type Sounded = ReadonlyMap<string, { readonly severity: Severity; readonly atMs: number }>;

/**
 * Which tone is due: the most severe of those alerts that need somebody and have not sounded, have become more severe since, or
 * sound again. Pure: `nowMs` of any clock.
 */
export function dueTone(
  alerts: readonly Alert[],
  sounded: Sounded,
  nowMs: number,
  wallMs: number,
): { readonly tone: Severity | undefined; readonly sounded: Sounded } {
  let tone: Severity | undefined;
  const next = new Map<string, { severity: Severity; atMs: number }>();
  for (const alert of alerts) {
    if (!needsSomebody(alert, wallMs)) continue;
    const { id, severity } = alert;
    const before = sounded.get(id);
    const isDue =
      before === undefined ||
      isMoreSevere(severity, before.severity) ||
      nowMs - before.atMs >= REPEAT_MS[severity];
    next.set(id, isDue ? { severity, atMs: nowMs } : before);
    if (isDue && (tone === undefined || isMoreSevere(severity, tone))) tone = severity;
  }
  return { tone, sounded: next };
}
