import {
  decodeObservation,
  encodePositionFrame,
  FrameState,
  Kind,
  type Observation,
  type PositionFrameView,
} from '@hitonami/model';

export interface TestPerson {
  track: number;
  x: number;
  y: number;
  vx?: number;
  vy?: number;
  kind?: number;
}

export interface TestFrame {
  camera?: string;
  site?: string;
  session?: number;
  sequence: number;
  atMs: number;
  receivedMs?: number;
  periodMs?: number;
  people?: TestPerson[];
  blind?: boolean;
  planVersion?: number;
  saturation?: number;
  floor?: string;
}

/** The record of a frame as it lies on the log. Times are ms since 1970, places metres. */
export function frameRecord(frame: TestFrame): Buffer {
  const people = frame.people ?? [];
  const count = people.length;
  const mm = (value: (person: TestPerson) => number): Int32Array =>
    Int32Array.from(people, (person) => Math.round(value(person) * 1000));
  return encodePositionFrame({
    site: frame.site ?? 'test',
    camera: frame.camera ?? 'c1',
    sessionHi: 0,
    sessionLo: frame.session ?? 1,
    sequence: frame.sequence,
    capturedUs: frame.atMs * 1000,
    receivedUs: (frame.receivedMs ?? frame.atMs + 50) * 1000,
    planVersion: frame.planVersion ?? 1,
    periodUs: (frame.periodMs ?? 200) * 1000,
    state: frame.blind ? FrameState.blind : count > 0 ? FrameState.seen : FrameState.empty,
    saturationPermille: Math.round((frame.saturation ?? 0) * 1000),
    renewed: 0,
    floors: count > 0 ? [frame.floor ?? 'f1'] : [],
    count,
    tracks: Uint32Array.from(people.flatMap(({ track }) => [track >>> 0, 7])),
    xMm: mm(({ x }) => x),
    yMm: mm(({ y }) => y),
    vxMmS: mm(({ vx }) => vx ?? 0),
    vyMmS: mm(({ vy }) => vy ?? 0),
    floor: new Uint8Array(count),
    confidence: new Uint8Array(count).fill(255),
    kind: Uint8Array.from(people, ({ kind }) => kind ?? Kind.person),
  });
}

export function frameObservation(frame: TestFrame): Observation {
  return decodeObservation(frameRecord(frame));
}

export function frameView(frame: TestFrame): PositionFrameView {
  const observation = frameObservation(frame);
  if (observation.type !== 'positions') throw new Error('not a frame');
  return observation.frame;
}
