import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Field, TrackTable } from '../src/track-table.js';

it('holds what a map would hold, through growth, collisions and removals', () => {
  // Few distinct halves, so that chains are long and wrap around.
  const key = fc.tuple(fc.nat({ max: 3 }), fc.nat({ max: 400 }));
  const step = fc.record({ key, remove: fc.boolean(), value: fc.nat() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 2_000 }), (steps) => {
      const table = new TrackTable();
      const model = new Map<string, number>();
      for (const {
        key: [hi, lo],
        remove,
        value,
      } of steps) {
        const id = `${hi} ${lo}`;
        let slot = table.find(hi, lo);
        expect(slot >= 0).toBe(model.has(id));
        if (slot >= 0 && table.get(slot, Field.lastSeenUs) !== model.get(id))
          throw new Error(`another track's value at ${id}`);
        if (remove && slot >= 0) {
          table.remove(slot);
          model.delete(id);
        } else if (!remove) {
          if (slot < 0) slot = table.add(hi, lo, 0);
          table.set(slot, Field.lastSeenUs, value);
          model.set(id, value);
        }
      }
      expect(table.size).toBe(model.size);
      const values = Array.from({ length: table.size }, (_, slot) =>
        table.get(slot, Field.lastSeenUs),
      );
      expect(values.sort()).toEqual([...model.values()].sort());
    }),
    { numRuns: 60 },
  );
});
