import type {
  AreaKind,
  AreaRow,
  ClosedWindow,
  FlowRow,
  JourneyRow,
  LineRow,
} from '@hitonami/crowd';
import { addDays } from '@hitonami/model';
import { beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../../../test/support/event-log.js';
import type {
  AreaSeries,
  Flows,
  History,
  LineSeries,
  Problem,
  Report,
  Usual,
} from '../../src/contract/index.js';
import { serviceDayOf, serviceDayStart } from '../../src/measures/service-day.js';
import { alertOnLog, publishAlert, type Client, type Console } from '../support.js';

const TOKYO = 'Asia/Tokyo';
/** A Saturday three weeks ago at the earliest, and the two before it: their first two minutes are measured. */
const TODAY = serviceDayOf(Date.now(), TOKYO);
const WEEKDAY = new Date(`${TODAY}T00:00:00Z`).getUTCDay();
const DAY = addDays(TODAY, -(((WEEKDAY + 1) % 7) + 7));
const START_US = serviceDayStart(DAY, TOKYO) * 1000;
const MINUTE_US = 60e6;
const HALL_DM2 = 20_000;
const PEAKS = {
  ...{ peakSamples: 60, peakPer1000M2: 2_500 },
  ...{ pressureSamples: 2, pressureMicroSum: 30_000, pressureMicroMax: 22_000 },
};

function minute(startUs: number, density: number, coverage = 1): ClosedWindow {
  const lengthUs = MINUTE_US;
  const key = { site: 'station', startUs, lengthUs, generation: 0 };
  const observedDm2Us = HALL_DM2 * lengthUs * coverage;
  const area: AreaRow = {
    ...{ ...key, area: 'hall', areaDm2: HALL_DM2, personUs: (density * observedDm2Us) / 100 },
    ...{ observedDm2Us, peopleMax: density * 200 + 5, speedMmUs: density * observedDm2Us * 12 },
    ...{ saturationDm2Us: 0, doubtfulDm2Us: 0, ...PEAKS },
  };
  const line: LineRow = {
    ...{ ...key, line: 'middle', forward: 30, backward: 6, observedUs: lengthUs, doubtfulUs: 0 },
  };
  const journey: JourneyRow = {
    ...{ ...key, fromPlace: 'hall', toPlace: 'gate', journeys: 8, travelUs: 160e6 },
    ...{ joined: 2, confidencePermille: 7_200 },
  };
  const flow: FlowRow = {
    ...{ ...key, fromPlace: 'hall', toPlace: 'gate', legs: 10, insideUs: 150e6 },
    ...{ joined: 0, confidencePermille: 10_000 },
  };
  return {
    ...{ site: 'station', startUs, lengthUs, planVersion: 1 },
    ...{ areas: [area], lines: [line], flows: [flow], journeys: [journey], cameras: [], legs: [] },
    positions: {
      ...{ count: 0, capturedUs: new Float64Array(0), floor: new Uint8Array(0), floors: [] },
      ...{ xMm: new Int32Array(0), yMm: new Int32Array(0) },
      ...{ vxMmS: new Int32Array(0), vyMmS: new Int32Array(0), kind: new Uint8Array(0) },
    },
  };
}

/** What was measured, as the views of the console ask for it. */
export function measuresSuite(desk: () => Console): void {
  describe('the measures', () => {
    let viewer: Client;
    const iso = (us: number): string => new Date(us / 1000).toISOString();
    const between = (fromUs: number, toUs: number): string => `from=${iso(fromUs)}&to=${iso(toUs)}`;
    const TWO = between(START_US, START_US + 2 * MINUTE_US);

    beforeAll(async () => {
      viewer = await desk().as('viewer');
      const days = [0, -7, -14].map((days) => serviceDayStart(addDays(DAY, days), TOKYO) * 1000);
      const windows = days.flatMap((us, i) => [
        minute(us, 0.25 + i),
        minute(us + MINUTE_US, 0.5 + i, i === 0 ? 0.4 : 1),
      ]);
      const areaKinds = new Map<string, AreaKind>([['hall', 'walkway']]);
      await desk().warehouse.insertWindows(windows, { retention: 'keep', areaKinds });
    });

    it('are a series by area and by line, as JSON and as a table for download', async () => {
      const path = `/sites/station/areas/hall/series?purpose=safety&${TWO}&step=60`;
      const { body } = await viewer.get<AreaSeries>(path);
      expect(body).toMatchObject({ area: 'hall', stepS: 60 });
      expect(body.points).toEqual([
        {
          ...{ start: iso(START_US), density: 0.25, los: 'A', occupancy: 50, occupancyMax: 55 },
          ...{ speedMS: 1.2, coverage: 1, saturation: 0, doubtful: 0 },
          ...{ peakDensity: 2.5, pressure: 0.015, pressureMax: 0.022 },
        },
        {
          ...{ start: iso(START_US + MINUTE_US), density: 0.5, los: 'C', occupancy: 100 },
          ...{ occupancyMax: 105, speedMS: 1.2, coverage: 0.4, saturation: 0, doubtful: 0 },
          ...{ peakDensity: 2.5, pressure: 0.015, pressureMax: 0.022 },
        },
      ]);
      const csv = await viewer.get(`${path}&format=csv`);
      expect(csv.headers.get('content-type')).toContain('text/csv');
      expect(csv.headers.get('content-disposition')).toBe(
        'attachment; filename="station-hall.csv"',
      );
      expect(csv.text.split('\r\n')[1]).toBe(
        `${iso(START_US)},0.25,A,50,55,1.2,1,0,0,2.5,0.015,0.022`,
      );
      const line = await viewer.get<LineSeries>(
        `/sites/station/lines/middle/series?purpose=safety&${TWO}&step=60`,
      );
      expect(line.body.points[0]).toMatchObject({ forward: 30, backward: 6, forwardPerMin: 30 });
      expect(
        (await viewer.get(`/sites/station/areas/nowhere/series?purpose=safety&${TWO}`)).status,
      ).toBe(404);
      expect(
        (await viewer.get(`/sites/station/lines/hall/series?purpose=safety&${TWO}`)).status,
      ).toBe(404);
    });

    it('know what is usual at this time of this kind of day, without the day itself', async () => {
      const path = `/sites/station/areas/hall/usual?purpose=safety&day=${DAY}&step=60`;
      const { body } = await viewer.get<Usual>(path);
      expect(body).toMatchObject({ area: 'hall', day: DAY, kind: 'saturday', stepS: 60 });
      expect(body.points[0]).toEqual({
        ...{ sinceS: 0, density: 1.75, densityLow: 1.35, densityHigh: 2.15, days: 2 },
      });
      // A day of the calendar that is unlike its kind no longer counts.
      const engineer = await desk().as('engineer');
      const entry = { day: addDays(DAY, -7), title: '花火', countsAs: null, isUnusual: true };
      const { body: made } = await engineer.send<{ id: string }>(
        ...(['POST', '/sites/station/calendar', entry] as const),
      );
      expect((await viewer.get<Usual>(path)).body.points[0]).toMatchObject({
        density: 2.25,
        days: 1,
      });
      await engineer.send('DELETE', `/sites/station/calendar/${made.id}`);
      expect(
        (await viewer.get('/sites/station/areas/hall/usual?purpose=safety&step=10')).status,
      ).toBe(400);
    });

    it('are flows between places with how sure they are, and the time people stayed', async () => {
      const flows = await viewer.get<Flows>(`/sites/station/flows?purpose=safety&${TWO}`);
      expect(flows.body.pairs).toEqual([
        {
          ...{ from: 'hall', to: 'gate', journeys: 16, meanTravelS: 20 },
          ...{ joinedShare: 0.25, meanConfidence: 0.9 },
        },
      ]);
      const csv = await viewer.get(`/sites/station/flows?purpose=safety&${TWO}&format=csv`);
      expect(csv.text.split('\r\n')[1]).toBe('hall,gate,16,20,0.25,0.9');
      const dwell = await viewer.get(`/sites/station/areas/hall/dwell?purpose=safety&${TWO}`);
      expect(dwell.body).toEqual({ area: 'hall', legs: 20, meanInsideS: 15 });
    });

    it('are a history of every area and line, where nothing is known stays unknown', async () => {
      const range = between(START_US - MINUTE_US, START_US + MINUTE_US);
      const { body } = await viewer.get<History>(
        `/sites/station/history?purpose=safety&${range}&step=60`,
      );
      expect(body.starts).toEqual([iso(START_US - MINUTE_US), iso(START_US)]);
      expect(body.areas['hall']).toMatchObject([null, { density: 0.25 }]);
      expect(body.lines['middle']).toMatchObject([null, { forward: 30 }]);
      const csv = await viewer.get(
        `/sites/station/history?purpose=safety&${range}&step=60&format=csv`,
      );
      expect(csv.text.split('\r\n').slice(1, 3)).toEqual([
        `area,hall,${iso(START_US)},0.25,A,50,55,1.2,1,0,0,2.5,0.015,0.022,,,,,,`,
        `line,middle,${iso(START_US)},,,,,,,,,,,,30,6,30,6,1,0`,
      ]);
    });

    it('are a report of a day or a month, which says what must be known before it is used', async () => {
      const firedUs = START_US + 600e6;
      const alert = { id: 'r1', sinceUs: firedUs, announce: false, subject: 'hall' };
      await publishAlert(desk().log, alertOnLog({ ...alert, atUs: firedUs }));
      const over = { state: 'ALERT_STATE_RESOLVED', revision: 2, atUs: firedUs + 90e6 } as const;
      await publishAlert(desk().log, alertOnLog({ ...alert, ...over }));
      const day = `/sites/station/report?purpose=safety&period=day&date=${DAY}`;
      const body = await eventually('the end of the alert', async () => {
        const report = (await viewer.get<Report>(day)).body;
        return report.alerts[0]?.firingS === 90 && report;
      });
      expect(body).toMatchObject({ site: 'station', from: iso(START_US) });
      expect(Date.parse(body.to) - Date.parse(body.from)).toBe(86_400_000);
      const [hall, gate] = body.areas;
      expect(hall).toMatchObject({ occupancyMax: 105, occupancyMaxAt: iso(START_US + MINUTE_US) });
      expect(hall?.hoursAtLevel).toEqual({ A: 0.0167, B: 0, C: 0.0167, D: 0, E: 0, F: 0 });
      expect(hall?.hoursUnseen).toBeCloseTo(24 - 2 / 60, 3);
      expect(hall?.coverage).toBeCloseTo(1.4 / 1_440, 4);
      expect(gate).toMatchObject({ meanOccupancy: null, coverage: null, hoursUnseen: 24 });
      expect(body.lines[0]).toMatchObject({ forward: 60, backward: 12 });
      expect(body.alerts).toEqual([
        { rule: 'density', subject: 'hall', severity: 'critical', count: 1, firingS: 90 },
      ]);
      expect(body.cautions.map(({ en }) => en)).toEqual([
        'Nothing was measured in: Gate.',
        expect.stringContaining('Less than 80 % was seen of: Concourse.'),
      ]);
      const month = await viewer.get<Report>(
        `/sites/station/report?purpose=safety&period=month&date=${DAY}`,
      );
      expect(month.body.from).toBe(iso(serviceDayStart(`${DAY.slice(0, 7)}-01`, TOKYO) * 1000));
      const csv = await viewer.get(`${day}&format=csv`);
      expect(csv.text).toContain('hours_unseen\r\nhall,');
      const ahead = `/sites/station/report?purpose=safety&period=day&date=${addDays(TODAY, 2)}`;
      expect((await viewer.get(ahead)).status).toBe(400);
    });

    it.each([
      ['turned around', between(START_US + 1e6, START_US)],
      ['more than is answered at once', between(START_US, START_US + 400 * 86_400e6)],
      ['no instant', 'from=yesterday&to=today'],
      ['of no zone', 'from=2026-11-22T00:00:00&to=2026-11-23T00:00:00'],
      ['incomplete', `from=${iso(START_US)}`],
      ['of a step that is not kept', `${TWO}&step=7`],
      ['a statement', `${TWO}&step=60;DROP TABLE area_measures`],
    ])('are refused for a range that is %s', async (_, range) => {
      for (const path of ['areas/hall/series', 'history']) {
        const answer = await viewer.get<Problem>(`/sites/station/${path}?purpose=safety&${range}`);
        expect([answer.status, answer.body.error]).toEqual([400, 'invalid']);
      }
    });

    it('take whatever is asked for as a value, never as a part of the question', async () => {
      const areas = "hall' OR '1'='1";
      const answer = await viewer.get(
        `/sites/station/areas/${encodeURIComponent(areas)}/series?purpose=safety&${TWO}`,
      );
      expect(answer.status).toBe(404);
    });
  });
}
