import { asDraft, type Draft, type Point, type ShapeRef } from '../src/editor/document.js';

export const square = (x: number, y: number, size: number): Point[] => [
  [x, y],
  [x + size, y],
  [x + size, y + size],
  [x, y + size],
  [x, y],
];
const text = (name: string) => ({ ja: name, en: name });

/** A plan to edit, with a word in it that the editor does not know. */
export const plan = (): Draft =>
  asDraft({
    site: 'station',
    version: 3,
    name: text('Station'),
    timeZone: 'Asia/Tokyo',
    notYetKnown: { keep: ['me', 1] },
    floors: [{ id: 'ground', name: text('Ground') }],
    areas: [
      {
        id: 'hall',
        floor: 'ground',
        name: text('Hall'),
        kind: 'walkway',
        alsoUnknown: true,
        actionCard: 'full',
        polygon: { type: 'Polygon', coordinates: [square(0, 0, 10), square(4, 4, 2)] },
      },
      {
        id: 'gates',
        floor: 'ground',
        name: text('Gates'),
        kind: 'queue',
        polygon: { type: 'Polygon', coordinates: [square(12, 0, 6)] },
      },
    ],
    lines: [
      {
        id: 'door',
        floor: 'ground',
        name: text('Door'),
        line: {
          type: 'LineString',
          coordinates: [
            [0, 2],
            [0, 6],
          ],
        },
      },
    ],
    cameras: [
      {
        id: 'cam',
        floor: 'ground',
        coverage: { type: 'Polygon', coordinates: [square(-1, -1, 12)] },
        detection: { threshold: 0.4 },
      },
    ],
    counters: [{ id: 'beam', line: 'door' }],
    actionCards: [{ id: 'full', title: text('Full'), steps: [text('Close the gates')] }],
  });
export const HALL: ShapeRef = { list: 'areas', index: 0 };
export const DOOR: ShapeRef = { list: 'lines', index: 0 };
