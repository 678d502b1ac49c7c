import { useEffect, useMemo, useRef, useState } from 'react';
import type { CSSProperties } from 'react';
import type { PlanCamera } from '@hitonami/model';
import { useMay } from '../../app/session.js';
import { figure, longDay } from '../../shared/format.js';
import { useLanguage, useWords } from '../../shared/i18n.js';
import { usePlan } from '../../shared/site.js';
import { property, useTheme } from '../../shared/theme.js';
import { useLiveStore, usePicture } from '../LiveProvider.js';
import type { Picture } from '../store.js';
import { StillPainter } from './painter.js';
import { CameraPicture, countIn } from './project.js';
import { stillUrl, useStills } from './queries.js';
import { StillForm } from './StillForm.js';
import { words } from './words.js';
import './stills.css';

/** The place as a camera sees it: a still of it while it was empty, with the people of now as icons. */
export function CameraStill() {
  const t = useWords(words);
  const plan = usePlan();
  const cameras = useMemo(
    () =>
      plan.cameras.flatMap((camera) => {
        const picture = CameraPicture.of(camera);
        return picture === undefined ? [] : [{ camera, picture }];
      }),
    [plan],
  );
  const [chosen, setChosen] = useState<string>();
  const shown = cameras.find(({ camera }) => camera.id === chosen) ?? cameras[0];
  if (shown === undefined) return null;
  return (
    <div className="still">
      <label className="row still-choice">
        {t.camera}
        <select value={shown.camera.id} onChange={({ target }) => setChosen(target.value)}>
          {cameras.map(({ camera: { id } }) => (
            <option key={id} value={id}>
              {id}
            </option>
          ))}
        </select>
      </label>
      <OneStill key={shown.camera.id} {...shown} />
    </div>
  );
}

/** What a camera that does not see says of its place is nothing. */
function seenBy(camera: string, picture: Picture | undefined): Picture | undefined {
  const now = picture?.snapshot.cameras.find((each) => each.camera === camera);
  return now?.state === 'seeing' ? picture : undefined;
}

function OneStill({
  camera,
  picture,
}: {
  readonly camera: PlanCamera;
  readonly picture: CameraPicture;
}) {
  const t = useWords(words);
  const { language } = useLanguage();
  const plan = usePlan();
  const store = useLiveStore();
  const { theme } = useTheme();
  const told = usePicture();
  const mayChange = useMay('engineer');
  const still = useStills(plan.site).data?.find((each) => each.camera === camera.id);
  const canvas = useRef<HTMLCanvasElement>(null);
  const hasStill = still !== undefined;
  useEffect(() => {
    if (canvas.current === null) return undefined;
    const painter = new StillPainter(canvas.current, picture, camera.floor);
    painter.outlineColour = hasStill ? undefined : property('--accent');
    const take = (now: Picture | undefined): void => painter.take(seenBy(camera.id, now));
    take(store.picture());
    const forget = store.onPicture(take);
    const observer = new ResizeObserver(() => painter.draw());
    observer.observe(canvas.current);
    return () => {
      forget();
      observer.disconnect();
      painter.stop();
    };
  }, [picture, camera, store, hasStill, theme]);
  const seen = seenBy(camera.id, told);
  const count = seen && countIn(picture, camera.floor, seen);
  const day = (at: string): string => longDay(at, language, plan.timeZone);
  return (
    <>
      <div className="still-room">
        <div
          className="still-box"
          style={{ '--ratio': picture.width / picture.height } as CSSProperties}
          role="img"
          aria-label={t.picture(camera.id)}
        >
          {still === undefined ? null : <img src={stillUrl(plan.site, still)} alt="" />}
          <canvas ref={canvas} aria-hidden="true" />
        </div>
      </div>
      <div className="still-words">
        <p className={told !== undefined && count === undefined ? 'still-blind' : 'live-total'}>
          {told === undefined
            ? t.waiting
            : count === undefined
              ? t.notSeeing
              : t.people(figure(count.all), figure(count.walking))}
        </p>
        <p className="quiet">
          {still === undefined
            ? t.noStill
            : t.stillOf(still.savedBy, day(still.savedAt), day(still.eraseAt))}
        </p>
        {mayChange ? <StillForm site={plan.site} camera={camera.id} hasStill={hasStill} /> : null}
      </div>
    </>
  );
}
