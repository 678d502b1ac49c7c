import type { LevelOfService } from '@hitonami/crowd';

export const LEVELS: readonly LevelOfService[] = ['A', 'B', 'C', 'D', 'E', 'F'];

export function isLevel(letter: string | null | undefined): letter is LevelOfService {
  return letter != null && (LEVELS as readonly string[]).includes(letter);
}

/**
 * Fills of the levels, the same in both themes, with the text that is read upon them. Lightness falls and hue goes from blue over
 * yellow to purple, so that neighbours stay apart for every common kind of colour blindness (tested); the letter is always there too.
 */
export const LOS_FILL: Readonly<Record<LevelOfService, string>> = {
  A: '#a9cfe6',
  B: '#5b9fd0',
  C: '#f5dd63',
  D: '#e8801f',
  E: '#cc3a30',
  F: '#6d1a63',
};
export const LOS_TEXT: Readonly<Record<LevelOfService, string>> = {
  A: '#10181f',
  B: '#10181f',
  C: '#10181f',
  D: '#10181f',
  E: '#ffffff',
  F: '#ffffff',
};
/** Not seen: hatched with these two, never a level's colour. */
export const UNSEEN_FILL = '#8a949c';
