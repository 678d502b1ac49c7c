import { describe, expect, it } from 'vitest';
import { label, lineFrom, planText, rectangle } from '../../../test/support/plans.js';
import { formatIssue, lineOwner, parsePlan, readPlan } from '../src/index.js';

const issuesOf = (changes: Record<string, unknown>): string[] =>
  readPlan(planText(changes)).issues.map(formatIssue);

describe('a site plan', () => {
  it('is read with its defaults filled in', () => {
    const plan = parsePlan(planText());
    expect(plan.windowS).toBe(10);
    expect(plan.retention).toEqual({
      positionsHours: 0,
      flowLegsDays: 3,
      measuresDays: 7,
      rollupDays: 1_826,
    });
    expect(plan.dangerBands).toEqual({ stable: 1, capacity: 2.5, unstable: 3.5, congested: 5 });
  });

  it('gives a line to the counter that the plan names for it, else to the camera that looks least flat at it of those that see both its sides', () => {
    const cameras = [
      { id: 'far', floor: 'f1', coverage: rectangle(0, 0, 30, 10) },
      { id: 'near', floor: 'f1', coverage: rectangle(0, 0, 10, 10) },
      { id: 'half', floor: 'f1', coverage: rectangle(5, 0, 10, 10) },
    ];
    const byCamera = parsePlan(planText({ cameras }));
    expect(lineOwner(byCamera, byCamera.lines[0]!)).toEqual({ id: 'near', kind: 'camera' });
    // 8 m away and 8 m high is steeper than 4 m away and 3 m high.
    const hung = cameras.map((camera) => ({
      ...camera,
      position: camera.id === 'far' ? { x: 13, y: 5, heightM: 8 } : { x: 9, y: 5, heightM: 3 },
    }));
    const bySteepness = parsePlan(planText({ cameras: hung }));
    expect(lineOwner(bySteepness, bySteepness.lines[0]!)?.id).toBe('far');
    const byCounter = parsePlan(planText({ cameras, counters: [{ id: 'beam', line: 'middle' }] }));
    expect(lineOwner(byCounter, byCounter.lines[0]!)).toEqual({ id: 'beam', kind: 'counter' });
  });
});

describe('a plan that is wrong', () => {
  it('puts no line and no colour of its own among what is said of it', () => {
    const [issue] = issuesOf({ '\u001b[2Jevil\nsite.json: is valid\u202e': 1 });
    expect(issue).toContain('\\u001b[2Jevil\\u000asite.json: is valid\\u202e');
    expect(issue).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
    const fault = (): unknown => parsePlan('{"a": \u001b[31m}');
    expect(fault).toThrow(/^[^\u001b]*$/);
  });

  it('names a polygon that crosses itself, with the two edges', () => {
    const bow = {
      type: 'Polygon',
      coordinates: [
        [
          [0, 0],
          [10, 10],
          [10, 0],
          [0, 10],
          [0, 0],
        ],
      ],
    };
    expect(
      issuesOf({
        areas: [{ id: 'hall', floor: 'f1', name: label, kind: 'walkway', polygon: bow }],
      }),
    ).toEqual([
      'areas[0].polygon.coordinates[0]: the ring crosses itself: edge 0 (0,0 to 10,10) meets edge 2 (10,0 to 0,10); list the corners in the order of a walk around the area',
    ]);
  });

  it('names a key that is missing, misspelt or out of range', () => {
    expect(issuesOf({ timeZone: 'Asia/Tokio' })[0]).toMatch(
      /^timeZone: 'Asia\/Tokio' is not a time zone/,
    );
    expect(issuesOf({ windowS: 7 })[0]).toMatch(/^windowS: /);
    expect(issuesOf({ retention: { positionsHours: 48 } })[0]).toMatch(
      /^retention\.positionsHours: /,
    );
    expect(issuesOf({ arreas: [] })[0]).toMatch(/arreas.*check its spelling/);
  });

  it('names a line that no camera sees on both sides', () => {
    const line = { id: 'edge', floor: 'f1', name: label, line: lineFrom([0.2, 1], [0.2, 9]) };
    expect(issuesOf({ lines: [line] })[0]).toMatch(
      /^lines\[0\]: no camera covers the band of 0\.5 m on both sides of 'edge'/,
    );
  });

  it('names ids that stand twice, also between areas and lines', () => {
    const line = { id: 'hall', floor: 'f1', name: label, line: lineFrom([5, 1], [5, 9]) };
    expect(issuesOf({ lines: [line] })[0]).toMatch(
      /^lines\[0\]\.id: 'hall' is already the id of areas\[0\]\.id/,
    );
  });

  it('names floors, bands, rings and calibrations that cannot be', () => {
    const area = {
      id: 'hall',
      floor: 'f2',
      name: label,
      kind: 'walkway',
      polygon: rectangle(0, 0, 10, 10),
    };
    expect(issuesOf({ areas: [area] })[0]).toMatch(/^areas\[0\]\.floor: 'f2' is not a floor/);
    expect(
      issuesOf({ dangerBands: { stable: 3, capacity: 2, unstable: 4, congested: 5 } })[0],
    ).toMatch(/^dangerBands: the bands do not rise/);
    const open = {
      type: 'Polygon',
      coordinates: [
        [
          [0, 0],
          [9, 0],
          [9, 9],
          [0, 9],
        ],
      ],
    };
    expect(issuesOf({ areas: [{ ...area, floor: 'f1', polygon: open }] })[0]).toMatch(
      /the ring is open/,
    );
    const calibration = {
      imageWidth: 640,
      imageHeight: 480,
      homography: [1, 2, 3, 2, 4, 6, 0, 0, 1],
    };
    const cameras = [{ id: 'c1', floor: 'f1', coverage: rectangle(0, 0, 10, 10), calibration }];
    expect(issuesOf({ cameras })[0]).toMatch(
      /^cameras\[0\]\.calibration\.homography: it maps the picture onto a line/,
    );
  });

  it('names a hole outside its ring, and an area too large for exact sums', () => {
    const area = { id: 'hall', floor: 'f1', name: label, kind: 'walkway' };
    const holed = {
      type: 'Polygon',
      coordinates: [...rectangle(0, 0, 4, 4).coordinates, ...rectangle(5, 5, 8, 8).coordinates],
    };
    expect(issuesOf({ areas: [{ ...area, polygon: holed }] })[0]).toMatch(
      /^areas\[0\]\.polygon\.coordinates\[1\]: the hole is not inside its ring/,
    );
    const plaza = { ...area, polygon: rectangle(0, 0, 100, 100) };
    expect(issuesOf({ areas: [plaza] })[0]).toMatch(/^areas\[0\]\.polygon: it is over 9007 m²/);
    expect(issuesOf({ areas: [plaza], windowS: 5 })).toEqual([]);
  });

  it('is refused with all its issues at once, and where it is not JSON', () => {
    expect(() => parsePlan('{"site": ')).toThrow(/not JSON/);
    expect(() =>
      parsePlan(
        planText({
          timeZone: 'Nowhere',
          dangerBands: { stable: 3, capacity: 2, unstable: 4, congested: 5 },
        }),
      ),
    ).toThrow(/timeZone[^]*dangerBands/);
    expect(readPlan(planText({ $schema: 'x'.repeat(9_000_000) })).issues[0]?.problem).toMatch(
      /over \d+ bytes/,
    );
  });
});
