import { connectAsync } from 'mqtt';
import { beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../../../test/support/event-log.js';
import { headcount as headcountSchema, type Headcount } from '../../src/contract/index.js';
import { headcountOf } from '../../src/headcount/count.js';
import type { Broker, Building } from '../neighbours.js';
import { liveOf, publishLive, type Client, type Console } from '../support.js';

/** How many are where, for the disaster centre and the building's systems. */
export function headcountSuite(
  desk: () => Console,
  building: () => Building,
  broker: () => Broker,
): void {
  describe('the headcount', () => {
    let viewer: Client;
    beforeAll(async () => {
      viewer = await desk().as('viewer');
    });

    it('is told by API, stream, signed webhook and MQTT alike, also to whoever comes later', async () => {
      const before = await viewer.get<Headcount>('/sites/station/headcount?purpose=safety');
      expect(headcountSchema.parse(before.body).people).toBeNull();
      const stream = await viewer.watch('/sites/station/headcount/stream?purpose=safety');
      const keepOn = setInterval(() => void publishLive(desk().log, liveOf(desk().plan, 7)), 500);
      const isSeven = (count: Headcount | undefined) => count?.people === 7 && count;
      const streamed = await eventually('the stream', () => isSeven(stream.last('headcount')));
      expect(streamed).toMatchObject({
        ...{ site: 'station', people: 7, coverage: 1 },
        floors: [{ floor: 'f1', people: 7, coverage: 1 }],
        areas: [
          { area: 'hall', people: 7, coverage: 1, atLeast: false },
          { area: 'gate', people: 0, coverage: 1, atLeast: false },
        ],
      });
      const { body } = await viewer.get<Headcount>('/sites/station/headcount?purpose=safety');
      expect(body.people).toBe(7);
      const pushed = await eventually('the webhook, again after it was refused', () =>
        building()
          .received.slice(1)
          .find(({ people }) => people === 7),
      );
      expect(pushed.isSigned).toBe(true);
      const device = await connectAsync(broker().url);
      const messages = new Map<string, { text: string; retain: boolean; qos: number }>();
      device.on('message', (topic, payload, { retain, qos }) => {
        messages.set(topic, { text: payload.toString(), retain, qos });
      });
      await device.subscribeAsync('hitonami/#', { qos: 1 });
      const hall = await eventually('the retained count of the hall', () =>
        messages.get('hitonami/station/areas/hall'),
      );
      expect(hall).toMatchObject({ retain: true, qos: 1 });
      expect(JSON.parse(hall.text)).toMatchObject({ people: 7, coverage: 1, atLeast: false });
      expect(messages.get('hitonami/console')?.text).toBe('online');
      clearInterval(keepOn);
      // Nothing comes any more: what is not seen is null for the lights and the air, too.
      const gone = await eventually('nobody knows', () => {
        const text = messages.get('hitonami/station/areas/hall')?.text ?? '{}';
        const count = JSON.parse(text) as { people: number | null };
        return count.people === null && count;
      });
      expect(gone).toMatchObject({ people: null, coverage: 0 });
      await eventually('the stream says so', () => {
        const count = stream.last<Headcount>('headcount');
        return count?.people === null && count.coverage === 0;
      });
      stream.stop();
      await device.endAsync();
    }, 40_000);

    it('counts each person once per floor, and says what it does not know', () => {
      const record = liveOf(desk().plan, 10);
      const [hall, gate] = record.areas;
      if (!hall || !gate) throw new Error('two areas');
      record.areas = [hall, { ...gate, coverage: 0.3, people: 4, saturation: 1 }];
      record.kind = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 1, 5]);
      const count = headcountOf(desk().plan, record, 0);
      // A bicycle is nobody; a wheelchair is somebody.
      expect(count.people).toBe(9);
      expect(count.areas[1]).toEqual({ area: 'gate', people: null, coverage: 0.3, atLeast: true });
      expect(count.coverage).toBeCloseTo((200 + 25 * 0.3) / 225, 3);
    });
  });
}
