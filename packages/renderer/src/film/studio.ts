import type { CameraPose, SimulatedPerson, TrainState, World } from '@hitonami/simulator';
import { HitonamiError } from '@hitonami/model';
import { appearanceOf, type Appearance, CHILD_BELOW_M } from '../figures/appearance.js';
import { figureAt } from '../figures/figure.js';
import { cyclesPerS } from '../figures/gait.js';
import { Random } from '../figures/random.js';
import type { Figure, PersonTruth } from '../mesh.js';
import { Darkroom } from '../picture/develop.js';
import { SENSOR, type Sensor } from '../picture/sensor.js';
import { type Scene, View } from '../raster/view.js';
import { Poses } from './poses.js';
import { stationOf } from './station.js';
import { Depot } from './train.js';

/** A camera that is filmed through. */
export interface FilmCamera {
  readonly id: string;
  readonly pose: CameraPose;
  /** What is not given follows from the seed and the light. */
  readonly sensor?: Partial<Sensor>;
}

/** Everything that a film's pictures depend on but the moments. Plain data. */
export interface FilmSet {
  readonly world: World;
  readonly cameras: readonly FilmCamera[];
  readonly seed: number;
  /** Hour of the day, 0 to 24. Default 14. */
  readonly hour?: number;
}

/** Who and what is there at one instant. */
export interface FilmMoment {
  /** Seconds since the start. */
  readonly timeS: number;
  readonly people: readonly SimulatedPerson[];
  readonly trains?: readonly TrainState[];
}

/** A picture before JPEG: 8 bits a channel, row by row; valid until the camera's next. */
export interface RawFrame {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
  readonly sensor: Sensor;
  readonly truth: readonly PersonTruth[];
}

/** Different looks of people; strangers beyond that share one. Each costs about 200 kB. */
const LOOKS = 150;
/** Mean of the developed linear light that a camera's automatic exposure aims at. */
const MIDDLE_LIGHT = 0.22;
/** People who would be smaller than this are not drawn, pixels. */
const SMALLEST_PX = 6;
/** A moving train is drawn anew when it has moved this far, metres. */
const TRAIN_STEP_M = 0.1;

interface Position {
  readonly view: View;
  readonly darkroom: Darkroom;
  readonly sensor: Sensor;
  readonly index: number;
  trains: string;
}

/** Holds a set and draws what its cameras see, one picture after the other. The same moment gives the same picture. */
export class Studio {
  readonly #set: FilmSet;
  readonly #depot: Depot;
  readonly #positions = new Map<string, Position>();
  readonly #poses = new Poses();
  readonly #looks = new Map<string, Appearance>();
  #scene: Scene | undefined;

  constructor(set: FilmSet) {
    this.#set = set;
    this.#depot = new Depot(set.world, set.seed);
  }

  /** Throws `INPUT` for a camera that the set does not have. */
  frame(cameraId: string, moment: FilmMoment): RawFrame {
    const position = this.#positions.get(cameraId) ?? this.#placed(cameraId);
    const { view, darkroom, sensor, index } = position;
    this.#showTrains(position, moment.trains ?? []);
    const figures = moment.people.flatMap((person) => {
      const figure = this.#figure(person, moment.timeS, view);
      return figure === undefined ? [] : [figure];
    });
    const exposure = view.draw(figures, sensor.shutterS);
    const grain = new Random(this.#set.seed, index, Math.round(moment.timeS * 1000));
    const rgb = darkroom.develop(exposure, grain.whole(0, 0x3fffffff));
    return { width: exposure.width, height: exposure.height, rgb, sensor, truth: exposure.truth };
  }

  #placed(cameraId: string): Position {
    const index = this.#set.cameras.findIndex(({ id }) => id === cameraId);
    const camera = this.#set.cameras[index];
    if (camera === undefined) {
      const known = this.#set.cameras.map(({ id }) => id).join(', ');
      throw new HitonamiError(
        'INPUT',
        `no camera '${cameraId}' is filmed here; there are ${known}.`,
      );
    }
    const { seed, hour = 14, world } = this.#set;
    this.#scene ??= stationOf(world, { seed, hour });
    const view = new View(camera.pose);
    view.setScene(this.#scene);
    const sensor = { ...sensorOf(seed, index, view), ...camera.sensor };
    const { imageWidth, imageHeight } = camera.pose;
    const darkroom = new Darkroom(sensor, imageWidth, imageHeight);
    const position: Position = { view, darkroom, sensor, index, trains: '' };
    this.#positions.set(cameraId, position);
    return position;
  }

  #showTrains(position: Position, trains: readonly TrainState[]): void {
    const steady = trains.map((train) => ({
      ...train,
      offsetM: Math.round(train.offsetM / TRAIN_STEP_M) * TRAIN_STEP_M,
      doorsOpen: Math.round(train.doorsOpen * 5) / 5,
    }));
    const key = steady.length === 0 ? '' : JSON.stringify(steady);
    if (key === position.trains) return;
    position.view.setMoving(this.#depot.meshes(steady));
    position.trains = key;
  }

  #figure(person: SimulatedPerson, timeS: number, view: View): Figure | undefined {
    const { id, x, y, vx, vy, headingRad, statureM } = person;
    if (!view.mayShow([x, y, 0], statureM)) return undefined;
    const heightPx = view.pixelHeightOf([x, y, 0], statureM);
    if (heightPx < SMALLEST_PX) return undefined;
    // A steady pace, so that a moment alone says how the legs stand.
    const phase = timeS * cyclesPerS(1.3, statureM);
    const at = { person: id, x, y, vx, vy, headingRad, phase, heightPx };
    return figureAt(this.#poses.body(this.#lookOf(person), at), at);
  }

  #lookOf({ id, kind, statureM }: SimulatedPerson): Appearance {
    // A child's clothes are not an adult's: who was dressed first must not decide it.
    const key = `${String(id % LOOKS)}/${kind}/${statureM < CHILD_BELOW_M ? 'child' : 'adult'}`;
    let look = this.#looks.get(key);
    if (look === undefined) {
      look = appearanceOf(this.#set.seed, id % LOOKS, { kind, statureM });
      this.#looks.set(key, look);
    }
    // Habits from 0.45 on push their bicycle: nobody rides through a station.
    const habit = kind === 'bicycle' ? Math.max(0.5, look.habit) : look.habit;
    return { ...look, statureM, habit };
  }
}

/** The electronics of one camera: each a little different, its exposure set by the light on the empty place. */
function sensorOf(seed: number, index: number, view: View): Sensor {
  const random = new Random(seed, 0x5e25, index);
  const { behind } = view.draw([], 0);
  const warm = random.normal() * 0.03;
  return {
    ...SENSOR,
    exposure: Math.min(8, MIDDLE_LIGHT / Math.max(0.02, meanLight(behind))),
    whiteBalance: [1 + warm, 1, 1 - warm],
    contrast: random.between(0.95, 1.1),
    saturation: random.between(0.75, 1),
    blurPx: random.between(0.35, 0.65),
    vignetting: random.between(0.05, 0.3),
    shutterS: random.pick([1 / 100, 1 / 60, 1 / 50, 1 / 30]),
    readNoise: random.between(0.8, 2.2),
    shotNoise: random.between(1, 2.6),
    sharpening: random.between(0, 0.5),
    quality: random.whole(68, 88),
  };
}

/** Mean luminance of linear light; a lamp counts no more than a bright wall. */
function meanLight(rgb: Float32Array): number {
  let sum = 0;
  let count = 0;
  for (let at = 0; at + 2 < rgb.length; at += 39) {
    const light =
      0.3 * (rgb[at] as number) + 0.59 * (rgb[at + 1] as number) + 0.11 * (rgb[at + 2] as number);
    sum += Math.min(1.5, light);
    count++;
  }
  return sum / Math.max(1, count);
}
