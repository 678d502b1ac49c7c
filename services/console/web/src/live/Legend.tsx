import { useEffect, useRef } from 'react';
import { useWords } from '../shared/i18n.js';
import { Level } from '../shared/Level.js';
import { LEVELS } from '../shared/los.js';
import { iconCanvas } from './scene/atlas.js';
import { words } from './words.js';

const ICON_PX = 40;

function Icon({ kind, moves }: { readonly kind: number; readonly moves: boolean }) {
  const box = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    box.current?.replaceChildren(iconCanvas(kind, moves, ICON_PX));
  }, [kind, moves]);
  return <span ref={box} className="legend-icon" aria-hidden="true" />;
}

export function Legend({ heat }: { readonly heat: boolean }) {
  const t = useWords(words);
  const icons = [
    [0, true, t.legendMoving],
    [0, false, t.legendStanding],
    [5, true, t.legendWheelchair],
    [6, true, t.legendPram],
    [1, true, t.legendBicycle],
  ] as const;
  return (
    <div className="legend">
      <div className="legend-item">
        {LEVELS.map((level) => (
          <Level key={level} los={level} />
        ))}
        <span>{t.legendLevels}</span>
      </div>
      <div className="legend-item">
        <span className="legend-hatch" aria-hidden="true" /> {t.legendUnseen}
      </div>
      {icons.map(([kind, moves, text]) => (
        <div key={text} className="legend-item">
          <Icon kind={kind} moves={moves} /> {text}
        </div>
      ))}
      {heat ? <div className="legend-item">{t.legendHeat}</div> : null}
    </div>
  );
}
