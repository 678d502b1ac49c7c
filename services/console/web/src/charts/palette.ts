/** Colours of charts: told apart by the colour-blind (after Okabe and Ito), lighter on dark ground and darker on light. */
export interface Palette {
  text: string;
  muted: string;
  grid: string;
  surface: string;
  /** Lines, first to last. */
  series: readonly string[];
  band: string;
  danger: string;
  unseen: string;
  doubtful: string;
  /** Size of text on the canvas, px: charts grow with the page from a phone to a wall. */
  fontPx: number;
}

interface Ground {
  readonly text: string;
  readonly quiet: string;
  readonly line: string;
  readonly surface: string;
}

const DARK = {
  series: ['#6cc6ff', '#ffb000', '#5fd3a0', '#ff8fc7', '#c7a6ff', '#ffe27a', '#ff8a66', '#b8c4cc'],
  danger: '#ff7a7a',
  doubtful: '#ffd166',
};
const LIGHT = {
  series: ['#00598f', '#b35900', '#00734f', '#a3266f', '#5b3fa8', '#7a6400', '#b3261e', '#475966'],
  danger: '#b00020',
  doubtful: '#b37a00',
};
const UNSEEN = '#8a949c';

export function paletteOf(ground: Ground, theme: 'dark' | 'light', fontPx: number): Palette {
  const { series, danger, doubtful } = theme === 'dark' ? DARK : LIGHT;
  return {
    text: ground.text,
    muted: ground.quiet,
    grid: ground.line,
    surface: ground.surface,
    series,
    band: series[7] ?? ground.quiet,
    danger,
    unseen: UNSEEN,
    doubtful,
    fontPx,
  };
}

/** A printed page is white, whatever the screen is. */
export const paper = (fontPx: number): Palette =>
  paletteOf(
    { text: '#000000', quiet: '#333333', line: '#bbbbbb', surface: '#ffffff' },
    'light',
    fontPx,
  );
