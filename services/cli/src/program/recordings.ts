import { scenarioNames } from '@hitonami/simulator';
import { Option, type Command } from 'commander';
import type { calibrate } from '../commands/calibrate.js';
import type { evaluate } from '../commands/evaluate.js';
import type { replay } from '../commands/replay.js';
import {
  parseDegrees,
  parseList,
  parsePictureSize,
  parseRate,
  parseSeconds,
  parseSeed,
  parseShare,
  parseSize,
  parseStature,
  parseTime,
} from './arguments.js';
import { print } from './common.js';

/** Commands that work on recordings and scenarios, where the truth may be known. */
export function withRecordings(hitonami: Command): void {
  hitonami
    .command('replay')
    .description(
      'a recording through the real ingestor, log, aggregator and warehouse; loses nothing, and can be repeated',
    )
    .argument(
      '<recording>',
      'a video, a folder of pictures, or positions (.csv, .jsonl: time, id, x, y in metres)',
    )
    .option(
      '--plan <site.json>',
      'the site plan; without one a clip’s picture is taken for the floor',
    )
    .option(
      '--model <name|file>',
      'the detector, for a clip: one that was added, or an ONNX file; default: the one that is shipped',
    )
    .option('--camera <id>', 'which camera of the plan it is, where there are several')
    .option(
      '--start <time>',
      'capture time of its first frame (ISO 8601); default: the recording’s own, else so that it ends when its file was last changed',
      parseTime,
    )
    .option(
      '--rate <n>',
      'frames a second; default: the clip’s own, at most 10; 2.5 for positions',
      parseRate,
    )
    .option('--data <folder>', 'an empty folder for its log and warehouse; default: a new one')
    .option('--kafka <brokers>', 'use Kafka for the log: host:port, …', parseList)
    .addOption(
      new Option('--format <name>', 'what is printed')
        .choices(['table', 'jsonl', 'mot'])
        .default('table'),
    )
    .action(async (recording: string, options: Parameters<typeof replay>[1]) =>
      (await import('../commands/replay.js')).replay(recording, options, process.stdout),
    );

  hitonami
    .command('evaluate')
    .description(
      'how right the numbers are: of a clip or of detections against a truth file in MOT format, or of a simulated station',
    )
    .argument('[clip]', 'a video')
    .option('--truth <gt.txt>', 'frame,id,left,top,width,height,confidence,X,Y,Z')
    .option(
      '--model <name|file>',
      'the detector: one that was added, or an ONNX file; default: the one that is shipped',
    )
    .option(
      '--scenario <name>',
      `instead of a clip: drawn cameras through the whole road against the truth (${scenarioNames.join(', ')})`,
    )
    .option('--plan <site.json>', 'measure the scenario with another plan than its own')
    .option('--seed <n>', 'of the scenario; default: 1', parseSeed)
    .option('--seconds <n>', 'length of the scenario; default: its own', parseSeconds)
    .option('--detections <det.txt>', 'instead of a clip and a model: judges the tracker alone')
    .option('--rate <n>', 'frames a second of the detections; default: 25', parseRate)
    .option(
      '--homography <h.json>',
      'picture pixels to floor metres; without one the picture is the plane',
    )
    .option(
      '--threshold <share>',
      'score from which a detection counts; default: the model’s own, 0.7 with --detections',
      parseShare,
    )
    .option('--input-size <w>x<h>', 'network pixels, for a model that leaves it open', parseSize)
    .option('--json', 'one line of JSON')
    .action(async (clip: string | undefined, options: Parameters<typeof evaluate>[1]) =>
      (await import('../commands/evaluate.js')).evaluate(clip, options, print),
    );

  hitonami
    .command('calibrate')
    .description(
      'from points whose place is known, or from walkers, to a camera’s calibration with its residual in metres',
    )
    .argument('[points]', 'four or more points (.json, .csv): u, v in pixels, x, y in metres')
    .option('--clip <clip>', 'walkers are seen in it; with points: what the grid is drawn over')
    .option('--height <m>', 'mean stature of the walkers, shoes on, metres', parseStature)
    .option('--detections <det.txt>', 'boxes of walkers in MOT format instead of a clip')
    .option('--model <name|file>', 'the detector; default: the one that is shipped')
    .option('--lens <lens.json>', 'fx fy cx cy and k1 k2 k3 p1 p2 of the lens, as OpenCV has them')
    .option('--fov <degrees>', 'horizontal field of view, where no lens is known', parseDegrees)
    .option('--size <w>x<h>', 'pixels of the picture', parsePictureSize)
    .option('--frame <picture>', 'a picture to draw the grid over; people in it are painted over')
    .option('--overlay <file>', 'draw the floor’s grid: .png or .jpg over the picture, .svg alone')
    .option('--json', 'one line of JSON')
    .action(async (points: string | undefined, options: Parameters<typeof calibrate>[1]) =>
      (await import('../commands/calibrate.js')).calibrate(points, options, print),
    );
}
