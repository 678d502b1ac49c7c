import { useEffect, useMemo, useRef, useState } from 'react';
import { useWords } from '../shared/i18n.js';
import { usePlan } from '../shared/site.js';
import { property, useTheme } from '../shared/theme.js';
import { useLiveStore, usePicture } from './LiveProvider.js';
import { PlanLabels } from './PlanLabels.js';
import { PlanScene } from './scene/plan-scene.js';
import type { Layers, SceneColours } from './scene/plan-scene.js';
import { placeFloors } from './layout.js';
import { words } from './words.js';

function sceneColours(): SceneColours {
  return {
    border: property('--plan-border'),
    selected: property('--focus'),
    hatching: property('--plan-hatch'),
    calm: Number.parseFloat(property('--plan-calm')),
    line: property('--plan-line'),
    camera: property('--accent'),
    bad: property('--plan-bad'),
  };
}

interface Properties {
  /** The one floor to show; all where undefined. */
  readonly floor: string | undefined;
  readonly layers: Layers;
  readonly selected: string | undefined;
  readonly onSelect: (area: string | undefined) => void;
}

/** The drawn plan with its labels. What it shows, the table of areas says in words. */
export function LivePlan({ floor, layers, selected, onSelect }: Properties) {
  const t = useWords(words);
  const plan = usePlan();
  const store = useLiveStore();
  const { theme } = useTheme();
  const host = useRef<HTMLDivElement>(null);
  const overlay = useRef<HTMLDivElement>(null);
  const [scene, setScene] = useState<PlanScene>();
  const floors = useMemo(() => placeFloors(plan, floor), [plan, floor]);
  const [cannotDraw, setCannotDraw] = useState(false);
  const tapped = useRef(onSelect);
  useEffect(() => {
    tapped.current = onSelect;
  }, [onSelect]);

  useEffect(() => {
    const element = host.current;
    if (element === null) return undefined;
    let isOver = false;
    let made: PlanScene | undefined;
    const onView = ({ x, y, scale }: { x: number; y: number; scale: number }) => {
      const style = overlay.current?.style;
      style?.setProperty('--x', `${x}px`);
      style?.setProperty('--y', `${y}px`);
      style?.setProperty('--scale', `${scale}px`);
    };
    PlanScene.create(element, {
      onView,
      onTap: (area) => tapped.current(area),
      mayGlide: !matchMedia('(prefers-reduced-motion: reduce)').matches,
    }).then(
      (created) => {
        if (isOver) {
          created.destroy();
          return;
        }
        made = created;
        setScene(created);
      },
      () => setCannotDraw(true),
    );
    return () => {
      isOver = true;
      made?.destroy();
      setScene(undefined);
    };
  }, []);

  useEffect(() => {
    if (scene === undefined) return undefined;
    scene.setPlan(plan, floors);
    scene.setPicture(store.picture());
    return store.onPicture((picture) => scene.setPicture(picture));
  }, [scene, plan, floors, store]);
  const told = usePicture();
  useEffect(() => scene?.setTold(told), [scene, told]);
  useEffect(() => scene?.setLayers(layers), [scene, layers]);
  useEffect(() => scene?.setColours(sceneColours()), [scene, theme]);
  useEffect(() => scene?.select(selected), [scene, selected, floors]);

  return (
    <div className="live-plan">
      <div
        ref={host}
        className="live-canvas"
        role="application"
        aria-label={t.planLabel}
        tabIndex={0}
      />
      <div ref={overlay} className="live-overlay" aria-hidden="true">
        <PlanLabels floors={floors} layers={layers} />
      </div>
      {cannotDraw ? <p className="fault live-cannot">{t.noPlan}</p> : null}
      <div className="live-zoom" role="group" aria-label={t.fit}>
        <button
          type="button"
          className="button icon"
          aria-label={t.zoomIn}
          onClick={() => scene?.zoomBy(1.4)}
        >
          ＋
        </button>
        <button
          type="button"
          className="button icon"
          aria-label={t.zoomOut}
          onClick={() => scene?.zoomBy(1 / 1.4)}
        >
          －
        </button>
        <button
          type="button"
          className="button icon"
          aria-label={t.fit}
          title={t.fit}
          onClick={() => scene?.fit()}
        >
          <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true">
            <path
              d="M2 7V2h5M13 2h5v5M18 13v5h-5M7 18H2v-5"
              fill="none"
              stroke="currentColor"
              strokeWidth="2"
            />
          </svg>
        </button>
      </div>
    </div>
  );
}
