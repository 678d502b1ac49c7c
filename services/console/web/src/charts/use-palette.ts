import { useCallback } from 'react';
import type { EChartsCoreOption } from 'echarts/core';
import type { ChartColours } from '../shared/chart/Chart.js';
import { useTheme } from '../shared/theme.js';
import { paper, paletteOf, type Palette } from './palette.js';

const fontPx = (): number =>
  Number.parseFloat(getComputedStyle(document.documentElement).fontSize) * 0.8;

/** An option of the pure kind for `Chart`: called anew for each theme. Keep `make` stable. */
export function useOption(
  make: (palette: Palette) => EChartsCoreOption,
): (colours: ChartColours) => EChartsCoreOption {
  const { theme } = useTheme();
  return useCallback((colours) => make(paletteOf(colours, theme, fontPx())), [make, theme]);
}

/** The same on paper: white, for what is printed. */
export function usePaperOption(
  make: (palette: Palette) => EChartsCoreOption,
): () => EChartsCoreOption {
  return useCallback(() => {
    const palette = paper(fontPx());
    return { ...make(palette), backgroundColor: palette.surface };
  }, [make]);
}
