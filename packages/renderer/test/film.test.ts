import { HitonamiError } from '@hitonami/model';
import { startFilm } from '@hitonami/renderer';
import { lensOf, scenario, type SimulatedPerson } from '@hitonami/simulator';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';

const { world, cameras } = scenario('train-surge');
/** Two cameras of the scenario, with small pictures. */
const small = cameras.slice(0, 2).map(({ id, pose }) => ({
  id,
  pose: { ...pose, imageWidth: 320, imageHeight: 240, lens: lensOf(320, 240, 75) },
}));
const [first, second] = small;
if (first === undefined || second === undefined)
  throw new Error('the scenario has too few cameras');

const film = startFilm({ world, cameras: small, seed: 5, workers: 2 });
afterAll(() => film.close());

/** Somebody before a camera, as far from its foot as it hangs high, plus some. */
function before({ pose }: typeof first & object, id: number, distanceM: number): SimulatedPerson {
  const yaw = (pose.yawDeg * Math.PI) / 180;
  const [x, y] = [pose.x + Math.cos(yaw) * distanceM, pose.y + Math.sin(yaw) * distanceM];
  return { id, x, y, vx: 0.4, vy: 1, headingRad: 1.2, kind: 'walker', statureM: 1.7 };
}

describe('a film', () => {
  const moment = { timeS: 3, people: [before(first, 1, 5), before(first, 2, 7)] };

  it('gives a JPEG of the camera’s size, and where each person is in it', async () => {
    const { jpeg, truth } = await film.frame(first.id, moment);
    const { format, width, height } = await sharp(jpeg).metadata();
    expect({ format, width, height }).toEqual({ format: 'jpeg', width: 320, height: 240 });
    expect(truth.map(({ person }) => person)).toEqual([1, 2]);
    for (const { box, visible } of truth) {
      expect(box[3] - box[1]).toBeGreaterThan(20);
      expect(visible).toBeGreaterThan(0.3);
    }
  });

  it('the same moment gives the same bytes, also after others, and in another film', async () => {
    const one = await film.frame(first.id, moment);
    await film.frame(first.id, { timeS: 4, people: [before(first, 3, 6)] });
    const again = await film.frame(first.id, moment);
    expect(again.jpeg.equals(one.jpeg)).toBe(true);
    const other = startFilm({ world, cameras: small, seed: 5, workers: 1 });
    try {
      const there = await other.frame(first.id, moment);
      expect(there.jpeg.equals(one.jpeg)).toBe(true);
    } finally {
      await other.close();
    }
  });

  it('a train that stands at the platform changes the picture of a camera that sees it', async () => {
    const empty = { timeS: 1, people: [] };
    const [train] = world.trains;
    const state = {
      id: train?.id ?? '',
      platform: train?.platform ?? '',
      offsetM: 0,
      doorsOpen: 1,
    };
    let changed = 0;
    for (const { id } of small) {
      const without = await film.frame(id, empty);
      const with_ = await film.frame(id, { ...empty, trains: [state] });
      if (!with_.jpeg.equals(without.jpeg)) changed++;
      const gone = await film.frame(id, empty);
      expect(gone.jpeg.equals(without.jpeg)).toBe(true);
    }
    expect(changed).toBeGreaterThan(0);
  });

  it('says what is wrong with an order', async () => {
    await expect(film.frame('nowhere', moment)).rejects.toThrow(/no camera 'nowhere'/);
    const strict = startFilm({
      world,
      cameras: small,
      seed: 5,
      workers: 1,
      limits: { queueMax: 1, peopleMax: 1 },
    });
    await expect(strict.frame(first.id, moment)).rejects.toMatchObject({ code: 'INPUT' });
    const waiting = strict.frame(first.id, { timeS: 0, people: [] });
    const over = strict.frame(second.id, { timeS: 0, people: [] });
    await expect(over).rejects.toMatchObject({ code: 'UNAVAILABLE', detail: 'QUEUE_FULL' });
    const closing = expect(waiting).rejects.toMatchObject({ code: 'STOPPED' });
    await strict.close();
    await closing;
    await expect(strict.frame(first.id, moment)).rejects.toMatchObject({ code: 'STOPPED' });
    expect(() => startFilm({ world, cameras: small, seed: 1, workers: 0 })).toThrow(HitonamiError);
  });
});
