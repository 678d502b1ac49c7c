import { useMemo } from 'react';
import type { EChartsCoreOption } from 'echarts/core';
import { paper, type Palette } from '../charts/palette.js';
import { init } from '../shared/chart/echarts.js';

/** Width of a drawing on a page of A4 with its margins, CSS px; and pixels of the picture for each. */
const WIDTH_PX = 690;
const DENSITY = 3;
const FONT_PX = 12;

/** A chart as a picture, as it is printed: white paper, sharp at the printer's resolution. */
export function Picture({
  option,
  heightPx,
  label,
}: {
  /** Kept stable by the caller (useMemo). */
  readonly option: (palette: Palette) => EChartsCoreOption;
  readonly heightPx: number;
  readonly label: string;
}) {
  const source = useMemo(() => drawn(option, heightPx), [option, heightPx]);
  return <img className="picture" src={source} alt={label} width={WIDTH_PX} height={heightPx} />;
}

function drawn(option: (palette: Palette) => EChartsCoreOption, heightPx: number): string {
  const chart = init(document.createElement('div'), undefined, {
    width: WIDTH_PX,
    height: heightPx,
    devicePixelRatio: DENSITY,
  });
  const palette = paper(FONT_PX);
  const given = option(palette);
  const { fontFamily } = getComputedStyle(document.documentElement);
  chart.setOption({
    ...given,
    backgroundColor: palette.surface,
    textStyle: { color: palette.text, fontSize: FONT_PX, fontFamily },
  });
  const picture = chart.getDataURL({
    type: 'png',
    pixelRatio: DENSITY,
    backgroundColor: palette.surface,
  });
  chart.dispose();
  return picture;
}
