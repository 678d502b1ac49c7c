import { describe, expect, it } from 'vitest';
import { ANSWERED_KEPT_DAYS, OPEN_KEPT_DAYS, type NewInquiry, type Records } from '../src/index.js';

const DAY_MS = 86_400_000;

/** What the public asks and says. */
export function inquiriesContract(records: () => Records): void {
  describe('inquiries', () => {
    const at = new Date('2026-11-22T08:00:00Z');
    const later = (days: number): Date => new Date(at.getTime() + days * DAY_MS);
    let tokens = 0;
    const asked = (change: Partial<NewInquiry> = {}): NewInquiry => ({
      ...{
        site: 'shibuya',
        kind: 'inquiry',
        language: 'ja',
        text: '何を撮っていますか',
        contact: '',
      },
      ...{ token: `a-token-that-is-secret-${tokens++}`, day: '2026-11-22', at },
      ...change,
    });

    it('are found by their secret link, and by nothing that the table holds', async () => {
      const given = asked({ contact: 'me@example.org', text: '<b>\n2' });
      const { id } = await records().inquiries.add(given);
      const found = await records().inquiries.byToken(given.token);
      expect(found).toMatchObject({ id, text: '<b>\n2', contact: 'me@example.org', answer: null });
      expect(JSON.stringify(found)).not.toContain(given.token);
      for (const token of ['', 'short', `${given.token}x`, 'x'.repeat(1_000)])
        expect(await records().inquiries.byToken(token)).toBeUndefined();
    });

    it('go from open to answered, once', async () => {
      const site = 'answered';
      const { id } = await records().inquiries.add(asked({ site }));
      await records().inquiries.add(asked({ site, kind: 'opinion' }));
      expect(await records().inquiries.openCount(site)).toBe(2);
      const given = { answer: '映像は保存していません。', user: 'aoi', at: later(1) };
      expect(await records().inquiries.answer(site, id, given)).toMatchObject({
        answeredBy: 'aoi',
        answeredAt: later(1),
      });
      await expect(records().inquiries.answer(site, id, given)).rejects.toMatchObject({
        detail: 'answered',
      });
      expect(await records().inquiries.answer('elsewhere', id, given)).toBeUndefined();
      expect(await records().inquiries.openCount(site)).toBe(1);
      const numbers = async (options: object): Promise<number[]> =>
        (await records().inquiries.list(site, options)).map((one) => one.id);
      expect(await numbers({ state: 'open' })).toEqual([id + 1]);
      expect(await numbers({ state: 'answered' })).toEqual([id]);
      expect(await numbers({ kind: 'opinion' })).toEqual([id + 1]);
      expect(await numbers({ before: id + 1 })).toEqual([id]);
      expect(await numbers({ limit: 1 })).toEqual([id + 1]);
      expect(await records().inquiries.list('elsewhere')).toEqual([]);
    });

    it('are erased some time after their answer; how many there were stays', async () => {
      const site = 'erased';
      const { id } = await records().inquiries.add(asked({ site }));
      const open = asked({ site, day: '2026-12-01' });
      await records().inquiries.add(open);
      await records().inquiries.answer(site, id, { answer: 'a', user: 'aoi', at });
      expect(await records().inquiries.countSince(site, at)).toBe(2);
      expect(await records().inquiries.countSince(site, later(1))).toBe(0);
      await records().inquiries.tidy(later(ANSWERED_KEPT_DAYS - 1));
      expect(await records().inquiries.get(site, id)).toBeDefined();
      await records().inquiries.tidy(later(ANSWERED_KEPT_DAYS));
      expect(await records().inquiries.get(site, id)).toBeUndefined();
      expect(await records().inquiries.byToken(open.token)).toBeDefined();
      expect(await records().inquiries.tidy(later(OPEN_KEPT_DAYS))).toBeGreaterThan(0);
      expect(await records().inquiries.byToken(open.token)).toBeUndefined();
      expect(await records().inquiries.counts(site)).toEqual([
        { month: '2026-12', kind: 'inquiry', count: 1 },
        { month: '2026-11', kind: 'inquiry', count: 1 },
      ]);
    });

    it('are refused empty, oversized, or without a secret', async () => {
      for (const [change, detail] of [
        [{ text: ' \n' }, 'text'],
        [{ text: 'あ'.repeat(2_001) }, 'text'],
        [{ contact: 'x'.repeat(201) }, 'contact'],
        [{ text: 'a\u0000' }, 'text'],
        [{ token: 'guess' }, 'token'],
      ] as const)
        await expect(records().inquiries.add(asked(change))).rejects.toMatchObject({
          ...{ code: 'INPUT', detail },
        });
      await expect(
        records().inquiries.answer('shibuya', 1, { answer: ' ', user: 'aoi' }),
      ).rejects.toMatchObject({ detail: 'answer' });
      await expect(records().inquiries.get('shibuya', 1.5)).rejects.toMatchObject({
        detail: 'number',
      });
    });
  });
}
