import { basename, extname, join } from 'node:path';
import { rm } from 'node:fs/promises';
import { pictureNames, runCamera, type CameraSummary } from '@hitonami/camera';
import { HitonamiError, type SitePlan } from '@hitonami/model';
import type { Receipt } from '@hitonami/service';
import { REPLAY_QUEUE, withStation, type Station } from '../compose.js';
import { isUsed, requireUnused } from '../data-folder.js';
import { probeClip, statSource, type ClipFacts } from '../probe.js';
import { progressOn, type Progress } from '../progress.js';
import { closeRecording, endOfRecording, untilWritten } from '../replay/finish.js';
import { provisionalPlan } from '../replay/provisional-plan.js';
import { positionsDurationS, recordedPositions } from '../replay/recorded-positions.js';
import { reportLines, reportTable } from '../replay/report.js';
import { sendPositions } from '../replay/send-positions.js';
import { startUsOf } from '../replay/start.js';
import { trackText } from '../replay/tracks.js';
import { readText } from '../read-text.js';
import { commandLogger } from '../command-logger.js';

export interface ReplayOptions {
  plan?: string;
  model?: string;
  camera?: string;
  start?: Date;
  rate?: number;
  data?: string;
  kafka?: string[];
  format: 'table' | 'jsonl' | 'mot';
}

const POSITION_FILES = ['.csv', '.jsonl'];
/** A clip is replayed at its own rate, but at no more than this, frames/s. */
const RATE_MAX = 10;
/** Recorded positions without a rate of their own are taken to come so often, frames/s. */
const POSITION_RATE_DEFAULT = 2.5;
const WRITE_TIMEOUT_MS = 120_000;
const PARTITIONS = 4;
/** The ingestor's word for no detector: positions need none. */
const NO_MODEL = 'none';

/** `hitonami replay`: a recording through the real ingestor, log, aggregator and warehouse, without loss, in a folder of its own. */
export async function replay(
  source: string,
  options: ReplayOptions,
  out: NodeJS.WriteStream,
): Promise<void> {
  const isPositions = POSITION_FILES.includes(extname(source).toLowerCase());
  const progress = progressOn(process.stderr);
  const recording = await (isPositions ? positionRecording : clipRecording)(source, options);
  const data = options.data ?? freshFolder(source);
  await requireUnused(data);
  const stationOptions = {
    dataFolder: data,
    planJson: recording.planJson,
    ...(isPositions
      ? { model: NO_MODEL }
      : options.model !== undefined && { model: options.model }),
    ...(options.kafka && {
      kafkaBrokers: options.kafka,
      topicPrefix: `hitonami.replay-${Date.now()}.`,
    }),
    recording: true,
    logger: commandLogger('replay', 'error'),
  };
  await withStation(stationOptions, async (station) => {
    const over = new AbortController();
    const play = async (): Promise<void> => {
      const lastUs = await recording.play(station, progress, over.signal);
      const { site } = station.plan;
      progress.say('closing the windows');
      await closeRecording(station.log, site, lastUs);
      await untilWritten(
        () => station.writtenUntilUs(site),
        endOfRecording(lastUs),
        WRITE_TIMEOUT_MS,
        over.signal,
      );
    };
    try {
      await Promise.race([play(), station.failed]);
    } finally {
      // Where a service failed, nobody goes on sending to it or waiting for it.
      over.abort();
      progress.end();
    }
    await print(station, options.format, out);
    process.stderr.write(`kept in ${data}\n`);
  }).catch(async (error: unknown) => {
    await forget(data, options);
    throw error;
  });
}

/** What a replay that failed has stored is of no use: a folder of its own goes with it, of another it is said. */
async function forget(folder: string, { data }: ReplayOptions): Promise<void> {
  if (data === undefined) await rm(folder, { recursive: true, force: true });
  else if (await isUsed(folder))
    process.stderr.write(`what was stored until then is kept in ${folder}\n`);
}

async function print(
  { plan, log, warehouse }: Station,
  format: ReplayOptions['format'],
  out: NodeJS.WriteStream,
): Promise<void> {
  if (format === 'mot') {
    out.write(await trackText(log, PARTITIONS, plan.site));
    return;
  }
  const measures = await warehouse.exportMeasures(plan.site, plan.windowS);
  if (format === 'table') out.write(`${reportTable(plan, measures)}\n`);
  else for (const line of reportLines(measures)) out.write(`${line}\n`);
}

interface Recording {
  planJson: string;
  /**
   * @returns the capture time of its last frame, µs
   * @throws HitonamiError `INPUT` for a recording without a frame, or a frame that was rejected
   */
  play: (station: Station, progress: Progress, signal: AbortSignal) => Promise<number>;
}

async function clipRecording(source: string, options: ReplayOptions): Promise<Recording> {
  const facts = await probeRecording(source, options);
  const framesPerS = options.rate ?? Math.min(facts.framesPerS, RATE_MAX);
  const startUs = startUsOf(source, facts, options.start, Date.now());
  if (options.plan === undefined) {
    process.stderr.write(
      'no --plan: the picture itself is taken for the floor. People and crossings are counted; densities and speeds mean nothing.\n',
    );
  }
  const planJson =
    options.plan === undefined ? provisionalPlan(facts) : await readText(options.plan);
  return {
    planJson,
    play: async (station, progress, signal) => {
      const camera = cameraOf(station.plan, options, true);
      let answered = 0;
      let firstRejected: Receipt | undefined;
      const expected =
        facts.frames === undefined
          ? undefined
          : Math.round((facts.frames / facts.framesPerS) * framesPerS);
      const summary = await runCamera(
        {
          site: station.plan.site,
          camera,
          source,
          ingestor: station.doors,
          framesPerS,
          mode: 'lossless',
          startUs,
          limits: { inFlightMax: REPLAY_QUEUE },
          video: { quality: 2 },
        },
        {
          logger: commandLogger('camera', 'error'),
          signal,
          onReceipt: (receipt) => {
            answered++;
            if (receipt.rejected && receipt.sequence < (firstRejected?.sequence ?? Infinity))
              firstRejected = receipt;
            progress.count('frames', answered, expected);
          },
        },
      );
      requireNoneLost(source, summary, firstRejected);
      return startUs + Math.round(((answered - 1) * 1e6) / framesPerS);
    },
  };
}

function requireNoneLost(
  source: string,
  { processed, rejected, shed }: CameraSummary,
  firstRejected: Receipt | undefined,
): void {
  if (firstRejected?.rejected) {
    const many = processed === 0 ? `all ${rejected}` : `${rejected} of ${processed + rejected}`;
    throw new HitonamiError(
      'INPUT',
      `${many} frames were rejected, and a replay must not lose any: frame ${firstRejected.sequence}: ${firstRejected.rejected.detail}`,
    );
  }
  if (shed > 0)
    throw new HitonamiError('UNAVAILABLE', `${shed} frames were shed; a replay must not lose any`);
  if (processed === 0) throw new HitonamiError('INPUT', `no pictures in ${source}`);
}

/** A folder of pictures knows neither rate nor size: it is played at the rate that is asked for, and needs a plan. */
async function probeRecording(source: string, { plan, rate }: ReplayOptions): Promise<ClipFacts> {
  const found = await statSource(source);
  if (!found.isDirectory()) return probeClip(source);
  if (plan === undefined) {
    throw new HitonamiError(
      'INPUT',
      'a folder of pictures needs a plan: name it with --plan site.json',
    );
  }
  const framesPerS = rate ?? RATE_MAX;
  const frames = (await pictureNames(source)).length;
  const changedMs = Math.floor(found.mtimeMs);
  return { width: 0, height: 0, framesPerS, frames, changedMs, durationS: frames / framesPerS };
}

async function positionRecording(source: string, options: ReplayOptions): Promise<Recording> {
  if (options.plan === undefined) {
    throw new HitonamiError(
      'INPUT',
      'recorded positions need the plan of their site: name it with --plan site.json',
    );
  }
  const found = await statSource(source);
  if (found.isDirectory())
    throw new HitonamiError('INPUT', `${source} is a folder, not a file of positions`);
  const planJson = await readText(options.plan);
  const nowMs = Date.now();
  const durationS = await positionsDurationS(source, nowMs);
  const recorded = { changedMs: Math.floor(found.mtimeMs), durationS };
  const startUs = startUsOf(source, recorded, options.start, nowMs);
  return {
    planJson,
    play: async ({ plan, doors }, progress) => {
      const camera = cameraOf(plan, options, false);
      const periodUs = Math.round(1e6 / (options.rate ?? POSITION_RATE_DEFAULT));
      const onSent = (batches: number): void => {
        progress.count('instants', batches);
      };
      const sender = { doors, site: plan.site, camera, periodUs };
      const lastUs = await sendPositions(sender, recordedPositions(source, startUs), onSent);
      if (lastUs === undefined) throw new HitonamiError('INPUT', `no positions in ${source}`);
      return lastUs;
    },
  };
}

/** The camera that a recording plays: the one that is named, or the only one that takes its kind. */
function cameraOf(plan: SitePlan, { camera }: ReplayOptions, isClip: boolean): string {
  const fitting = plan.cameras.filter((item) => (item.calibration !== undefined) === isClip);
  const named = fitting.find((item) => item.id === camera);
  if (named) return named.id;
  const [only, ...others] = fitting;
  if (camera === undefined && only && others.length === 0) return only.id;
  const kind = isClip ? 'with a calibration' : 'without a calibration (its device sends positions)';
  throw new HitonamiError(
    'INPUT',
    camera === undefined
      ? `the plan has ${fitting.length} cameras ${kind}; name one with --camera`
      : `the plan has no camera '${camera}' ${kind}; it has ${fitting.map((item) => item.id).join(', ') || 'none'}`,
  );
}

function freshFolder(source: string): string {
  const stamp = new Date().toISOString().replace(/[:.]/g, '-');
  return join('.hitonami', 'replays', `${basename(source, extname(source))}-${stamp}`);
}
