import { alertingDefaults, type PlanArea, type Point, type SitePlan } from '@hitonami/model';
import { coverageOf } from '../cameras/coverage.js';
import { calibrationOf, lensOf, type CameraPose } from '../cameras/pose.js';
import { ACTION_CARDS } from './action-cards.js';
import { CAMERA_GOVERNANCE, DATASETS, GOVERNANCE } from './governance.js';
import { closedRing } from '../geometry.js';
import type { World } from '../world.js';

type Text = SitePlan['name'];

/** A camera in short: where it hangs, how it looks, how far it sees well. */
export interface CameraSketch {
  id: string;
  at: readonly [x: number, y: number, heightM: number];
  yawDeg: number;
  tiltDeg: number;
  rollDeg?: number;
  fieldOfViewDeg: number;
  size?: readonly [width: number, height: number];
  k1?: number;
  k2?: number;
  maxDistanceM: number;
}

export interface PlanSketch {
  site: string;
  name: Text;
  areas: readonly { id: string; name: Text; kind: PlanArea['kind']; polygon: readonly Point[] }[];
  lines: readonly { id: string; name: Text; from: Point; to: Point }[];
  cameras: readonly CameraSketch[];
}

const FLOOR = 'ground';
const DEFAULT_SIZE = [640, 480] as const;

/** A rectangle's corners. */
export function rectangle(x0: number, y0: number, x1: number, y1: number): readonly Point[] {
  return [
    [x0, y0],
    [x1, y0],
    [x1, y1],
    [x0, y1],
  ];
}

export function poseFrom(sketch: CameraSketch): CameraPose {
  const [x, y, heightM] = sketch.at;
  const [imageWidth, imageHeight] = sketch.size ?? DEFAULT_SIZE;
  const { yawDeg, tiltDeg, rollDeg = 0, k1 = 0, k2 = 0, fieldOfViewDeg } = sketch;
  const lens = lensOf(imageWidth, imageHeight, fieldOfViewDeg, { k1, k2 });
  return { x, y, heightM, yawDeg, tiltDeg, rollDeg, imageWidth, imageHeight, lens };
}

/** A whole site plan of a fictitious station with one floor. */
export function planFrom(
  sketch: PlanSketch,
  world: World,
): { plan: SitePlan; cameras: { id: string; pose: CameraPose }[] } {
  const cameras = sketch.cameras.map((camera) => ({ id: camera.id, pose: poseFrom(camera) }));
  const plan: SitePlan = {
    site: sketch.site,
    version: 1,
    name: sketch.name,
    operator: {
      name: { ja: '潮風鉄道（架空）', en: 'Shiokaze Railway (fictitious)' },
      contact: 'demo@example.org',
    },
    timeZone: 'Asia/Tokyo',
    anchor: { longitude: 139.7, latitude: 35.6, bearingDeg: 0 },
    windowS: 10,
    floors: [{ id: FLOOR, name: { ja: '地上', en: 'Ground' } }],
    areas: sketch.areas.map(({ polygon, ...area }) => ({
      ...area,
      floor: FLOOR,
      actionCard: 'too-full',
      polygon: { type: 'Polygon', coordinates: [closedRing(polygon)] },
    })),
    lines: sketch.lines.map(({ id, name, from, to }) => ({
      id,
      name,
      floor: FLOOR,
      line: { type: 'LineString', coordinates: [from, to] },
      actionCard: 'too-full',
    })),
    cameras: sketch.cameras.map((camera, i) => ({
      id: camera.id,
      floor: FLOOR,
      coverage: {
        type: 'Polygon',
        coordinates: coverageOf(cameras[i]?.pose ?? poseFrom(camera), world, camera),
      },
      calibration: calibrationOf(cameras[i]?.pose ?? poseFrom(camera)),
      detection: {},
      governance: CAMERA_GOVERNANCE,
    })),
    counters: [],
    ticketGates: [],
    dangerBands: { stable: 1, capacity: 2.5, unstable: 3.5, congested: 5 },
    alerting: alertingDefaults(),
    actionCards: [...ACTION_CARDS],
    retention: { positionsHours: 0, flowLegsDays: 3, measuresDays: 7, rollupDays: 1_826 },
    governance: GOVERNANCE,
    datasets: DATASETS,
    travellers: sketch.areas.map(({ id, name }) => ({ area: id, title: name })),
  };
  return { plan, cameras };
}
