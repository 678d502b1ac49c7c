import type { AreaKind, ClosedWindow, PositionColumns } from '@hitonami/crowd';

/** 2026-04-01T00:00:00Z, a whole hour, µs. */
export const HOUR_US = 1_775_001_600_000_000;
export const AREA_KINDS: ReadonlyMap<string, AreaKind> = new Map([
  ['hall', 'walkway'],
  ['stair', 'stairs'],
  ['gate', 'queue'],
]);

export const NO_POSITIONS: PositionColumns = {
  count: 0,
  capturedUs: new Float64Array(0),
  floor: new Uint8Array(0),
  floors: [],
  xMm: new Int32Array(0),
  yMm: new Int32Array(0),
  vxMmS: new Int32Array(0),
  vyMmS: new Int32Array(0),
  kind: new Uint8Array(0),
};

/** Of an area of which nothing was seen. */
export const NO_PEAKS = {
  ...{ peakSamples: 0, peakPer1000M2: 0 },
  ...{ pressureSamples: 0, pressureMicroSum: 0, pressureMicroMax: 0 },
};

/** A window of 10 s with nothing in it but what is given. */
export function emptyWindow(
  site: string,
  startUs: number,
  parts: Partial<ClosedWindow> = {},
): ClosedWindow {
  return {
    site,
    startUs,
    lengthUs: 10e6,
    planVersion: 1,
    areas: [],
    lines: [],
    flows: [],
    journeys: [],
    cameras: [],
    legs: [],
    positions: NO_POSITIONS,
    ...parts,
  };
}

/** A window of 10 s with one or two rows of everything. Japanese names, for names are the operator's. */
export function fullWindow(site: string, startUs: number, generation = 0): ClosedWindow {
  const key = { site, startUs, lengthUs: 10e6, generation };
  return emptyWindow(site, startUs, {
    areas: [
      {
        ...key,
        area: 'hall',
        areaDm2: 5_000,
        personUs: 300e6,
        observedDm2Us: 40_000e6,
        peopleMax: 40,
        speedMmUs: 360_000e6,
        saturationDm2Us: 4_000_000e6,
        doubtfulDm2Us: 10_000e6,
        ...{ peakSamples: 10, peakPer1000M2: 3_250, pressureSamples: 4 },
        ...{ pressureMicroSum: 60_000, pressureMicroMax: 21_000 },
      },
      {
        ...key,
        area: 'gate',
        areaDm2: 1_000,
        personUs: 0,
        observedDm2Us: 0,
        peopleMax: 0,
        speedMmUs: 0,
        saturationDm2Us: 0,
        doubtfulDm2Us: 0,
        ...NO_PEAKS,
      },
    ],
    lines: [{ ...key, line: '改札', forward: 12, backward: 3, observedUs: 10e6, doubtfulUs: 5e6 }],
    flows: [
      {
        ...{ ...key, fromPlace: 'hall', toPlace: '改札', legs: 4, insideUs: 31e6 },
        ...{ joined: 1, confidencePermille: 3_600 },
      },
    ],
    journeys: [
      {
        ...{ ...key, fromPlace: 'gate', toPlace: '改札', journeys: 2, travelUs: 40e6 },
        ...{ joined: 2, confidencePermille: 1_500 },
      },
    ],
    cameras: [
      {
        ...key,
        camera: 'c1',
        frames: 50,
        observedUs: 9e6,
        blindUs: 1e6,
        personUs: 310e6,
        saturationUs: 900e6,
        renewed: 1,
        movedSinceUs: startUs - 60e6,
      },
    ],
    legs: [
      {
        site,
        trackHi: 0xfedcba98,
        trackLo: 0x76543210,
        fromPlace: 'hall',
        toPlace: '',
        leftUs: startUs + 1e6,
        reachedUs: startUs + 1e6,
        insideUs: 8e6,
        joins: 1,
        confidencePermille: 900,
        nth: 2,
      },
    ],
    positions: {
      count: 2,
      capturedUs: Float64Array.of(startUs + 1, startUs + 200_001),
      floor: Uint8Array.of(0, 1),
      floors: ['B1', '2階'],
      xMm: Int32Array.of(-1, 12_345),
      yMm: Int32Array.of(2_147_483_647, -2_147_483_648),
      vxMmS: Int32Array.of(0, -1_200),
      vyMmS: Int32Array.of(5, 6),
      kind: Uint8Array.of(1, 255),
    },
  });
}
