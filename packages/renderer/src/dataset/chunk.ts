import { Random } from '../figures/random.js';
import { Darkroom } from '../picture/develop.js';
import { toJpeg } from '../picture/jpeg.js';
import { View } from '../raster/view.js';
import { corridor, hall } from '../scene/indoor.js';
import { platform } from '../scene/platform.js';
import type { Place, Split } from '../scene/place.js';
import { clutter } from '../scene/clutter.js';
import { street } from '../scene/street.js';
import { crowdIn, NEW_GUESTS, type Wardrobe } from './crowd.js';
import type { Label } from './label.js';
import { meanLight, randomSensor } from './sensors.js';
import { viewpoint, type Viewing } from './viewpoint.js';

/** Pictures of one place, and of one camera in it before its people change. */
export const CHUNK_PICTURES = 12;
const PICTURES_A_CAMERA = 4;

export interface ChunkOrder {
  readonly seed: number;
  readonly split: Split;
  readonly chunk: number;
  /** Number of the first picture, and how many are wanted. */
  readonly first: number;
  readonly count: number;
}

export interface Picture {
  readonly jpeg: Buffer;
  readonly label: Label;
}

const SPLIT_KEYS: Readonly<Record<Split, number>> = { train: 0x1000, 'held-out': 0x2000 };

function placeFor(random: Random, viewing: Viewing, split: Split): Place {
  const make = random.weighted<(random: Random, split: Split) => Place>(
    viewing === 'eye'
      ? [
          [street, 7],
          [hall, 1],
          [corridor, 0.6],
          [platform, 1],
          [clutter, 1.6],
        ]
      : [
          [street, viewing === 'any' ? 4 : 1.6],
          [hall, 5],
          [corridor, 2],
          [platform, 3],
          [clutter, viewing === 'any' ? 5 : 1.2],
        ],
  );
  return make(random, split);
}

const round = (value: number): number => Math.round(value * 100) / 100;

/** Draws the pictures of one chunk: the same order gives the same bytes. */
export async function* drawChunk(order: ChunkOrder, wardrobe: Wardrobe): AsyncGenerator<Picture> {
  const random = new Random(order.seed, SPLIT_KEYS[order.split], order.chunk);
  const viewing = random.weighted<Viewing>([
    ['eye', 4],
    ['station', 4],
    ['any', 2],
  ]);
  const place = placeFor(random, viewing, order.split);
  const guests = SPLIT_KEYS[order.split] * 1000 + order.chunk * NEW_GUESTS;
  let view: View | undefined;
  for (let i = 0; i < order.count; i += 1) {
    if (view === undefined || i % PICTURES_A_CAMERA === 0) {
      view = new View(viewpoint(random, place, viewing, order.split));
      view.setScene({ meshes: place.meshes, light: place.light });
    }
    const crowd = crowdIn(random, place, view, wardrobe, viewing === 'eye', guests);
    const sensor = randomSensor(random, 1);
    const exposed = view.draw(crowd.figures, sensor.shutterS);
    const exposure = Math.min(
      8,
      random.between(0.13, 0.34) / Math.max(0.01, meanLight(exposed.behind)),
    );
    const { width, height } = exposed;
    const picture = new Darkroom({ ...sensor, exposure }, width, height).develop(
      exposed,
      random.whole(0, 1e9),
    );
    const pose = view.camera.pose;
    yield {
      jpeg: await toJpeg(picture, width, height, sensor),
      label: {
        file: `${String(order.first + i).padStart(6, '0')}.jpg`,
        width,
        height,
        scene: `${place.name}-${String(order.chunk)}`,
        split: order.split,
        people: exposed.truth
          .filter(({ visible }) => round(visible) > 0)
          .map(({ person, box, foot, head, visible }) => ({
            box: box.map(round),
            foot: foot.map(round),
            head: head.map(round),
            visible: round(visible),
            kind: crowd.kinds.get(person) ?? 'walker',
          })),
        density: round(crowd.density),
        cameraHeightM: round(pose.heightM),
        tiltDeg: round(pose.tiltDeg),
        viewing,
      },
    };
  }
}
