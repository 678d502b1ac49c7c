import { beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../../../test/support/event-log.js';
import { metric } from '../../../../test/support/metrics.js';
import { liveSnapshot, PERSON_BYTES, type LiveSnapshot } from '../../src/contract/index.js';
import { Client, liveOf, publishLive, type Console } from '../support.js';

const LIVE = '/sites/station/live?purpose=safety';

/** The live stream, as a browser has it. */
export function liveSuite(desk: () => Console): void {
  let viewer: Client;
  beforeAll(async () => {
    viewer = await desk().as('viewer');
  });

  describe('the live stream', () => {
    it('shows who is where within a moment, as columns of eight bytes a person', async () => {
      const stream = await viewer.watch(LIVE);
      const first = await eventually('the first event', () => stream.events[0]);
      expect(first).toEqual({ event: 'alerts', data: { active: [] } });
      await publishLive(desk().log, liveOf(desk().plan, 40));
      const snapshot = await eventually('a snapshot', () => stream.last<LiveSnapshot>('snapshot'));
      expect(liveSnapshot.parse(snapshot)).toEqual(snapshot);
      expect(snapshot.areas[0]).toEqual({
        ...{ area: 'hall', people: 40, density: 0.2, los: 'A', peakDensity: 0.4 },
        ...{ coverage: 1, doubtful: 0, saturation: 0 },
      });
      expect(snapshot.lines).toEqual([{ line: 'middle', forwardPerMin: 30, backwardPerMin: 6 }]);
      const people = Buffer.from(snapshot.people, 'base64');
      expect(people.length).toBe(40 * PERSON_BYTES);
      const [x, y] = [people.readUInt16LE(8) * 0.05, people.readUInt16LE(10) * 0.05];
      expect([snapshot.origin[0] + x, snapshot.origin[1] + y]).toEqual([
        expect.closeTo(1.1),
        expect.closeTo(5),
      ]);
      expect([people.readInt8(4), people.readInt8(12)]).toEqual([12, 0]);
      stream.stop();
    });

    it('knows no density of an area of which under half is seen, and says which camera is blind', async () => {
      const record = liveOf(desk().plan, 40);
      const [hall, gate] = record.areas;
      if (!hall || !gate) throw new Error('two areas');
      record.areas = [{ ...hall, coverage: 0.4 }, gate];
      record.cameras = record.cameras.map((camera) => ({
        ...camera,
        blind: camera.camera === 'c1',
      }));
      const stream = await viewer.watch(LIVE);
      await publishLive(desk().log, record);
      const snapshot = await eventually('the camera is blind', () => {
        const newest = stream.last<LiveSnapshot>('snapshot');
        return newest?.cameras[0]?.state === 'blind' && newest;
      });
      expect(snapshot.areas[0]).toMatchObject({ density: null, los: null, coverage: 0.4 });
      expect(snapshot.cameras[1]?.state).toBe('seeing');
      stream.stop();
    });

    it('shows a site that has fallen silent as not seen, never as empty', async () => {
      const stream = await viewer.watch(LIVE);
      await publishLive(desk().log, liveOf(desk().plan, 12));
      await eventually('twelve people', () => stream.last<LiveSnapshot>('snapshot')?.people !== '');
      const silent = await eventually('silence', () => {
        const newest = stream.last<LiveSnapshot>('snapshot');
        return newest?.cameras.every(({ state }) => state === 'silent') && newest;
      });
      expect(silent.areas[0]).toMatchObject({ coverage: 0, density: null, los: null });
      expect(silent.people).toBe('');
      const { body } = await viewer.get<{ people: number | null }>(
        '/sites/station/headcount?purpose=safety',
      );
      expect(body.people).toBeNull();
      stream.stop();
    }, 20_000);

    it('ends when the session does, and is refused without one', async () => {
      const guest = await desk().as('administrator');
      await guest.send('POST', '/users', {
        ...{ name: 'a guest', password: 'for this one test only', role: 'viewer' },
      });
      const leaver = new Client(() => desk().url);
      await leaver.enter('/session', { name: 'a guest', password: 'for this one test only' });
      const stream = await leaver.watch(LIVE);
      const users = await guest.get<{ id: string; name: string }[]>('/users');
      const id = users.body.find(({ name }) => name === 'a guest')?.id ?? '';
      await guest.send('PATCH', `/users/${id}`, { disabled: true });
      await eventually('the stream has ended', () => stream.isOver, 25_000);
      await expect(desk().stranger.watch(LIVE)).rejects.toThrow('signed-out');
    }, 40_000);

    it('counts who watches', async () => {
      const before = await metric(desk().metrics, 'hitonami_console_viewers');
      const stream = await viewer.watch(LIVE);
      expect(await metric(desk().metrics, 'hitonami_console_viewers')).toBe(before + 1);
      stream.stop();
      await eventually(
        'the viewer has left',
        async () => (await metric(desk().metrics, 'hitonami_console_viewers')) === before,
      );
    });
  });
}
