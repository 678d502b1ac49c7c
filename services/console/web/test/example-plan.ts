const text = (en: string) => ({ ja: `${en}（和）`, en });
const square = (x: number) => ({
  type: 'Polygon',
  coordinates: [
    [
      [x, 0],
      [x + 10, 0],
      [x + 10, 10],
      [x, 10],
      [x, 0],
    ],
  ],
});

/** A site plan's text with areas of these ids side by side, 10 m each, one camera over all, one line, one action card. */
export function examplePlan(areas: readonly string[]): string {
  return JSON.stringify({
    site: 'example',
    version: 1,
    name: text('Example'),
    operator: { name: text('Operator'), contact: 'contact@example.org' },
    timeZone: 'Asia/Tokyo',
    anchor: { longitude: 139.7, latitude: 35.6, bearingDeg: 0 },
    floors: [{ id: 'ground', name: text('Ground') }],
    areas: areas.map((id, i) => ({
      id,
      floor: 'ground',
      name: text(id),
      kind: 'walkway',
      polygon: square(i * 10),
      actionCard: 'crowded',
    })),
    lines: [],
    cameras: [],
    actionCards: [
      {
        id: 'crowded',
        title: text('Crowded'),
        steps: [text('Limit the gates'), text('Call for help')],
      },
    ],
  });
}
