import { HitonamiError } from '@hitonami/model';
import { parseMot } from '@hitonami/tracking';
import { shippedDetector } from '@hitonami/vision';
import { evaluateDetections } from '../evaluate/detections.js';
import { projectionFrom } from '../evaluate/homography.js';
import { judge, type Judgement } from '../evaluate/judge.js';
import { observeClip } from '../evaluate/observe.js';
import { probeClip } from '../probe.js';
import { progressOn } from '../progress.js';
import { formatTable, shown } from '../table.js';
import { readText } from '../read-text.js';
import { evaluateScenario } from './evaluate-scenario.js';

export interface EvaluateOptions {
  truth?: string;
  /** Default: the detector that is shipped. */
  model?: string;
  /** A scenario of the simulator instead of a clip and its truth: the whole road is judged. */
  scenario?: string;
  plan?: string;
  seed?: number;
  seconds?: number;
  /** A file of detections in MOT format instead of a clip and a model: the tracker alone is judged. */
  detections?: string;
  /** Frames a second of the detections. */
  rate?: number;
  homography?: string;
  threshold?: number;
  inputSize?: readonly [width: number, height: number];
  json?: boolean;
}

/**
 * `hitonami evaluate`: detector and tracker on a clip, the tracker alone on `--detections`, both against a truth file in
 * MOT format; or, with `--scenario`, the whole road against a simulated station whose truth is known.
 */
export async function evaluate(
  clip: string | undefined,
  options: EvaluateOptions,
  print: (line: string) => void,
): Promise<void> {
  const { detections, model, scenario, truth } = options;
  const given = { clip, '--detections': detections, '--scenario': scenario };
  const subjects = Object.entries(given).flatMap(([name, value]) =>
    value === undefined ? [] : [name],
  );
  if (subjects.length !== 1) {
    throw new HitonamiError(
      'CONFIG',
      `evaluate what? Give one of a clip, --detections det.txt and --scenario name, not ${subjects.join(' and ') || 'none'}`,
    );
  }
  if (scenario !== undefined) {
    await evaluateScenario(scenario, options, print);
    return;
  }
  if (truth === undefined)
    throw new HitonamiError('CONFIG', 'a clip or detections are judged by --truth gt.txt: name it');
  if (clip !== undefined) await evaluateClip(clip, { ...options, truth }, print);
  else if (model !== undefined)
    throw new HitonamiError('CONFIG', '--detections stands in the place of a clip and --model');
  else if (detections !== undefined)
    await evaluateDetections({ ...options, detections, truth }, print);
}

async function evaluateClip(
  clip: string,
  options: EvaluateOptions & { truth: string },
  print: (line: string) => void,
): Promise<void> {
  const truth = parseMot(await readText(options.truth), options.truth);
  if (truth.length === 0)
    throw new HitonamiError('INPUT', `${options.truth} has no rows to judge by`);
  const projection =
    options.homography === undefined
      ? undefined
      : projectionFrom(await readText(options.homography), options.homography);
  const { framesPerS, frames } = await probeClip(clip);
  const progress = progressOn(process.stderr);
  const model = options.model ?? shippedDetector();
  const observed = await observeClip(clip, { ...options, model }, (done) => {
    progress.count('frames', done, frames);
  });
  progress.end();
  const beyond = truth.filter(({ frame }) => frame > observed.frames.length).length;
  if (beyond > 0) {
    progress.warn(
      `${options.truth}: ${beyond} of ${truth.length} rows are of frames after ${observed.frames.length}, the clip's last, and count as missed`,
    );
  }
  const judgement = judge(observed, truth, framesPerS, projection);
  const about = { clip, model: observed.modelName, threshold: observed.threshold };
  print(options.json ? JSON.stringify({ ...about, ...judgement }) : asTable(judgement));
}

function asTable(judgement: Judgement): string {
  const rows: [string, string][] = [
    ['frames', String(judgement.frames)],
    ['recall (detections, IoU 0.5)', shown(judgement.recall, 3)],
    ['precision', shown(judgement.precision, 3)],
    ['count error, people a frame', shown(judgement.countError, 2)],
    ['MOTA (tracks)', shown(judgement.mota, 3)],
    ['IDF1', shown(judgement.idf1, 3)],
    ['HOTA', shown(judgement.hota, 3)],
    ['identity switches', shown(judgement.identitySwitches, 0)],
  ];
  if ('positionErrorM' in judgement) {
    rows.push(
      ['position error, m', shown(judgement.positionErrorM, 3)],
      ['density error, persons/m²', shown(judgement.densityError, 4)],
      ['density error, share of the true density', shown(judgement.densityErrorShare, 3)],
    );
  }
  return formatTable([{ head: 'figure' }, { head: 'value', align: 'right' }], rows);
}
