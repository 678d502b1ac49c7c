import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Records } from '../src/index.js';

/** Pictures of empty places. */
export function stillsContract(records: () => Records): void {
  describe('stills', () => {
    const [savedAt, eraseAt] = [new Date('2026-11-22T08:00:00Z'), new Date('2027-11-22T08:00:00Z')];
    const still = {
      ...{ site: 'shibuya', camera: 'hall-1', savedBy: 'aoi', savedAt, eraseAt },
      ...{ mediaType: 'image/png' as const, width: 1280, height: 720, digest: 'ab' },
    } as const;

    it('are kept byte by byte, one for each camera', async () => {
      const bytes = randomBytes(70_000);
      await records().stills.save({ ...still, bytes: randomBytes(10) });
      await records().stills.save({ ...still, savedBy: 'kei', bytes });
      expect(await records().stills.read('shibuya', 'hall-1', savedAt)).toEqual({
        ...{ ...still, savedBy: 'kei' },
        bytes,
      });
      expect(await records().stills.list('shibuya', savedAt)).toEqual([
        { ...still, savedBy: 'kei' },
      ]);
      expect(await records().stills.list('ueno', savedAt)).toEqual([]);
      expect(await records().stills.read('shibuya', 'hall-2', savedAt)).toBeUndefined();
    });

    it('are gone on the day that is stated, and when they are removed', async () => {
      expect(await records().stills.read('shibuya', 'hall-1', eraseAt)).toBeUndefined();
      expect(await records().stills.list('shibuya', eraseAt)).toEqual([]);
      expect(await records().stills.list('shibuya', savedAt)).toEqual([]);
      await records().stills.save({ ...still, bytes: randomBytes(10) });
      expect(await records().stills.remove('shibuya', 'hall-1')).toBe(true);
      expect(await records().stills.remove('shibuya', 'hall-1')).toBe(false);
    });

    it('are refused where they are too large, or nothing', async () => {
      for (const size of [0, 4 * 1024 * 1024 + 1])
        await expect(
          records().stills.save({ ...still, bytes: new Uint8Array(size) }),
        ).rejects.toMatchObject({ code: 'INPUT', detail: 'bytes' });
    });
  });
}
