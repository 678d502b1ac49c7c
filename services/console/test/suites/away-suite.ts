import { describe, expect, it } from 'vitest';
import { eventually } from '../../../../test/support/event-log.js';
import type { LiveSnapshot, Problem } from '../../src/contract/index.js';
import { liveOf, publishLive, type Console } from '../support.js';

/** At the end of all: what goes on when a part is away. */
export function awaySuite(desk: () => Console): void {
  describe('without the warehouse', () => {
    it('what is live goes on, and what was measured is said to be away', async () => {
      const viewer = await desk().as('viewer');
      await desk().engine.stop();
      const to = new Date();
      const from = new Date(to.getTime() - 3_600_000);
      const range = `from=${from.toISOString()}&to=${to.toISOString()}`;
      for (const path of ['areas/hall/series', 'flows', 'history']) {
        const answer = await viewer.get<Problem>(`/sites/station/${path}?purpose=safety&${range}`);
        expect([answer.status, answer.body.error]).toEqual([503, 'unavailable']);
        expect(answer.body.message).toContain('What is live goes on');
        expect(answer.headers.get('retry-after')).toBe('5');
      }
      const stream = await viewer.watch('/sites/station/live?purpose=safety');
      await publishLive(desk().log, liveOf(desk().plan, 33));
      await eventually(
        'a live picture',
        () => stream.last<LiveSnapshot>('snapshot')?.areas[0]?.people === 33,
      );
      stream.stop();
      expect((await viewer.get('/sites/station/alerts')).status).toBe(200);
    }, 30_000);
  });
}
