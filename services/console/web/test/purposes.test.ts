import { describe, expect, it } from 'vitest';
import { covered, namedOf, type Purpose } from '../src/shared/purposes.js';

const purpose = (change: Partial<Purpose>): Purpose => ({
  ...{ id: 'safety', items: ['live', 'measures'], places: null },
  ...{ name: { ja: '安全', en: 'Safety' }, description: { ja: '安全', en: 'Safety' } },
  readableFrom: { live: '2026-11-01T00:00:00Z', measures: '2026-11-01T00:00:00Z' },
  ...change,
});
const FROM = Date.parse('2026-11-01T00:00:00Z');

describe('the purpose that a page names', () => {
  const streets = purpose({
    id: 'streets',
    places: ['gate'],
    readableFrom: { measures: '2026-11-05T00:00:00Z' },
  });
  const all = [purpose({}), streets];

  it('is the chosen one where that covers what is asked for, else the first that does', () => {
    expect(namedOf(all, 'streets', 'measures', 'gate').purpose).toBe('streets');
    expect(namedOf(all, 'streets', 'measures', 'hall')).toEqual({
      purpose: 'safety',
      fromMs: FROM,
    });
    expect(namedOf(all, 'streets', 'live').purpose).toBe('safety');
    expect(namedOf(all, 'gone', 'live').purpose).toBe('safety');
  });

  it('is none where none covers it, or none has begun: the server says why', () => {
    expect(namedOf([streets], undefined, 'measures').purpose).toBeUndefined();
    expect(namedOf(all, undefined, 'positions').purpose).toBeUndefined();
    expect(namedOf([purpose({ readableFrom: {} })], undefined, 'live').purpose).toBeUndefined();
    expect(namedOf([], undefined, 'live')).toEqual({ purpose: undefined, fromMs: 0 });
  });

  it('asks for what it covers of a period, and for all of one of which it covers nothing', () => {
    const named = namedOf(all, undefined, 'measures');
    const hour = 3_600_000;
    expect(covered({ fromMs: FROM - hour, toMs: FROM + hour }, named).fromMs).toBe(FROM);
    expect(covered({ fromMs: FROM + 1, toMs: FROM + hour }, named).fromMs).toBe(FROM + 1);
    expect(covered({ fromMs: FROM - 2 * hour, toMs: FROM - hour }, named).fromMs).toBe(
      FROM - 2 * hour,
    );
  });
});
