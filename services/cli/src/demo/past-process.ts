import { randomBytes } from 'node:crypto';
import {
  encodePositionFrame,
  FrameState,
  Kind,
  polygonContains,
  type PlanCamera,
  type SitePlan,
} from '@hitonami/model';
import { PseudonymBook } from '@hitonami/privacy';
import { TOPIC_NAMES } from '@hitonami/service';
import { scenario as scenarioOf, startScenario, type SimulatedPerson } from '@hitonami/simulator';
import { commandLogger } from '../command-logger.js';
import { withStation } from '../compose.js';
import { closeRecording, endOfRecording, untilWritten } from '../replay/finish.js';
import { partOf } from './part-of.js';
import type { PastOrder } from './past.js';

// A process of its own: an hour of a scenario as position events of cameras that see everybody, on a log of its own, through an
// aggregator of its own into the warehouse of the demo. Drawing and detecting the hour would take longer than it lasts.

/** Few enough that nobody is jammed at the gates after an hour, enough for numbers that are released. */
const PEOPLE_SHARE = 0.4;
const SEED = 2;
const STEP_S = 1;
/** Instants that are written to the log at once. */
const BATCH = 60;
const WRITE_TIMEOUT_MS = 600_000;

async function main({ scenario: name, folder, warehouseUrl, ...hour }: PastOrder): Promise<void> {
  const scenario = partOf(scenarioOf(name), PEOPLE_SHARE);
  const crowd = startScenario(scenario, SEED);
  const options = {
    ...{ dataFolder: folder, planJson: JSON.stringify(scenario.plan), warehouseUrl },
    ...{ model: 'none', recording: true, logger: commandLogger('past', 'error') },
  };
  await withStation(options, async (station) => {
    const { plan, log, failed } = station;
    const cameras = plan.cameras.map((camera) => new SeeingCamera(plan, camera));
    const capturedUs = (): number => hour.fromMs * 1_000 + Math.round(crowd.timeS * 1e6);
    const play = async (): Promise<void> => {
      let lastUs = capturedUs();
      while (crowd.timeS < hour.lengthS) {
        const records = [];
        for (let i = 0; i < BATCH && crowd.timeS < hour.lengthS; i++) {
          lastUs = capturedUs();
          for (const camera of cameras)
            records.push({ key: plan.site, value: camera.frame(lastUs, crowd.people()) });
          crowd.step(STEP_S);
        }
        await log.append(TOPIC_NAMES.observations, records);
      }
      await closeRecording(log, plan.site, lastUs);
      const written = () => station.writtenUntilUs(plan.site);
      await untilWritten(written, endOfRecording(lastUs), WRITE_TIMEOUT_MS);
    };
    await Promise.race([play(), failed]);
  });
}

/** What the ingestor would write of a camera whose detector finds everybody in its coverage. */
class SeeingCamera {
  readonly #plan: SitePlan;
  readonly #camera: PlanCamera;
  readonly #book = new PseudonymBook(randomNumbers, { maxTracks: 100_000 });
  readonly #session = randomNumbers(2);
  #sequence = 0;

  constructor(plan: SitePlan, camera: PlanCamera) {
    this.#plan = plan;
    this.#camera = camera;
  }

  frame(capturedUs: number, everybody: readonly SimulatedPerson[]): Buffer {
    const { id, floor, coverage } = this.#camera;
    const people = everybody.filter(({ x, y }) => polygonContains(coverage.coordinates, x, y));
    const count = people.length;
    const names = people.map((person) => this.#book.name(person.id, capturedUs));
    const column = (value: (person: SimulatedPerson) => number): Int32Array =>
      Int32Array.from(people, (person) => Math.round(value(person) * 1_000));
    return encodePositionFrame({
      ...{ site: this.#plan.site, camera: id, planVersion: this.#plan.version },
      ...{ sessionHi: this.#session[0] ?? 0, sessionLo: this.#session[1] ?? 0 },
      ...{ sequence: this.#sequence++, capturedUs, receivedUs: capturedUs, periodUs: STEP_S * 1e6 },
      state: count > 0 ? FrameState.seen : FrameState.empty,
      saturationPermille: 0,
      renewed: names.filter(({ renewed }) => renewed).length,
      ...{ floors: count > 0 ? [floor] : [], count, floor: new Uint8Array(count) },
      tracks: Uint32Array.from(names.flatMap(({ pseudonym: { hi, lo } }) => [lo, hi])),
      ...{ xMm: column(({ x }) => x), yMm: column(({ y }) => y) },
      ...{ vxMmS: column(({ vx }) => vx), vyMmS: column(({ vy }) => vy) },
      confidence: new Uint8Array(count).fill(255),
      kind: new Uint8Array(count).fill(Kind.person),
    });
  }
}

function randomNumbers(count: number): Uint32Array {
  const bytes = randomBytes(4 * count);
  return Uint32Array.from({ length: count }, (_, i) => bytes.readUInt32LE(4 * i));
}

await main(JSON.parse(process.argv[2] ?? '') as PastOrder).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
// Its parts are closed; the channel to the demo would keep it.
process.disconnect();
