import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Records } from '../src/index.js';

/** The calendar and the notes. */
export function shiftContract(records: () => Records): void {
  describe('the calendar', () => {
    it('knows the days that are unlike their kind', async () => {
      const entry = {
        day: '2026-12-31',
        title: '終夜運転',
        countsAs: 'holiday',
        isUnusual: true,
      } as const;
      const made = await records().calendar.add('shibuya', entry, 'aoi');
      const plain = { day: '2026-11-03', title: 'x', countsAs: null, isUnusual: false };
      await records().calendar.add('shibuya', plain, 'aoi');
      expect(made).toEqual({ id: made.id, ...entry });
      expect((await records().calendar.list('shibuya')).map(({ day }) => day)).toEqual([
        '2026-11-03',
        '2026-12-31',
      ]);
      const range = { from: '2026-12-31', to: '2026-12-31' };
      expect(await records().calendar.list('shibuya', range)).toEqual([made]);
      expect(await records().calendar.remove('ueno', made.id)).toBe(false);
      expect(await records().calendar.remove('shibuya', made.id)).toBe(true);
      expect(await records().calendar.list('shibuya', range)).toEqual([]);
      for (const day of ['2026-02-30', 'tomorrow', `2026-01-01'; --`])
        await expect(
          records().calendar.add('shibuya', { ...plain, day }, 'aoi'),
        ).rejects.toMatchObject({
          code: 'INPUT',
        });
    });
  });

  describe('notes', () => {
    it('tell the next shift, as they were written', async () => {
      await fc.assert(
        fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 200 }), async (text) => {
          const at = new Date('2026-11-22T08:00:00Z');
          const plain = text.replaceAll('\u0000', '');
          const made = await records().notes.add('shibuya', { user: 'aoi', text: plain, at });
          expect(made).toEqual({ at, user: 'aoi', text: plain });
        }),
        { numRuns: 30 },
      );
      const [from, to] = [new Date('2026-11-22T08:00:00Z'), new Date('2026-11-22T09:00:00Z')];
      expect(await records().notes.between('shibuya', from, to)).toHaveLength(30);
      expect(await records().notes.between('shibuya', from, to, 7)).toHaveLength(7);
      expect(await records().notes.between('shibuya', to, from)).toEqual([]);
    });

    it('refuse what is too long, and an instant that is none', async () => {
      const note = { user: 'aoi', text: 'x'.repeat(1_000_000) };
      await expect(records().notes.add('shibuya', note)).rejects.toMatchObject({ detail: 'text' });
      const never = { user: 'aoi', text: '', at: new Date('never') };
      await expect(records().notes.add('shibuya', never)).rejects.toMatchObject({ detail: 'at' });
    });
  });
}
