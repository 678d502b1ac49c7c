/**
 * The README's picture of what the cameras of the demo see, as it is drawn:
 *   node test/browser/cameras.mjs services/cli/demo/cameras.jpg
 */
import { startFilm } from '@hitonami/renderer';
import { scenario, startScenario } from '@hitonami/simulator';
import sharp from 'sharp';

const SEED = 1;
/** When trains have come and everybody is on the way. */
const AT_S = 75;
const [TILE_WIDTH, TILE_HEIGHT, COLUMNS, GAP] = [426, 240, 3, 4];

const [, , file] = process.argv;
if (file === undefined) {
  console.error('usage: cameras.mjs <file.jpg>');
  process.exit(2);
}
const station = scenario('rush-hour');
const run = startScenario(station, SEED);
while (run.timeS < AT_S) run.step(0.1);
const film = startFilm({ world: station.world, cameras: station.cameras, seed: SEED, workers: 2 });
const moment = { timeS: run.timeS, people: run.people(), trains: run.trains() };
const tiles = await Promise.all(
  station.cameras.map(async ({ id }, i) => ({
    input: await sharp((await film.frame(id, moment)).jpeg)
      .resize(TILE_WIDTH, TILE_HEIGHT)
      .toBuffer(),
    left: (i % COLUMNS) * (TILE_WIDTH + GAP),
    top: Math.floor(i / COLUMNS) * (TILE_HEIGHT + GAP),
  })),
);
await film.close();
await sharp({
  create: {
    width: COLUMNS * (TILE_WIDTH + GAP) - GAP,
    height: Math.ceil(tiles.length / COLUMNS) * (TILE_HEIGHT + GAP) - GAP,
    channels: 3,
    background: '#fff',
  },
})
  .composite(tiles)
  .jpeg({ quality: 82 })
  .toFile(file);
