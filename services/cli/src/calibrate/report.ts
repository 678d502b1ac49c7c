import type { PointCalibration, WalkerCalibration } from '@hitonami/vision';
import { shown } from '../table.js';

/** A figure for people, and under its key for programs. */
export interface Figure {
  key: string;
  name: string;
  value: number | undefined;
  shown: string;
}

const DEGREES = 180 / Math.PI;

function figure(key: string, name: string, value: number | undefined, digits: number): Figure {
  return { key, name, value, shown: shown(value, digits) };
}

export function pointFigures(
  made: PointCalibration,
  points: number,
): { figures: Figure[]; notes: string[] } {
  const { residual, residualPx, leaveOneOut, suspect } = made;
  const figures = [
    figure('points', 'points', points, 0),
    figure('residualRmsM', 'residual on the floor, m (root mean square)', residual.rmsM, 3),
    figure(
      'residualWorstM',
      `residual, worst (point ${residual.worst + 1}), m`,
      residual.worstM,
      3,
    ),
    figure('residualPx', 'residual in the picture, px', residualPx, 2),
    figure('leftOutRmsM', 'points left out in turn, m', leaveOneOut?.rmsM, 3),
    figure(
      'leftOutWorstM',
      `points left out, worst${leaveOneOut ? ` (point ${leaveOneOut.worst + 1})` : ''}, m`,
      leaveOneOut?.worstM,
      3,
    ),
  ];
  const notes: string[] = [];
  if (leaveOneOut === undefined) {
    notes.push('Four points always fit: only a fifth tells how good the calibration is.');
  }
  if (suspect !== undefined) {
    notes.push(
      `Point ${suspect + 1} is probably wrong: without it the others fit far better. Measure it again.`,
    );
  }
  return { figures, notes };
}

export function walkerFigures(made: WalkerCalibration): Figure[] {
  const { cameraHeightM, tiltRad, rollRad, focalPx, boxes, fitting, residualM } = made;
  return [
    figure('boxes', 'boxes that show a whole person', boxes, 0),
    figure('fitting', 'of these, standing upright at about that stature', fitting, 0),
    figure('residualRmsM', 'residual of their stature, m (root mean square)', residualM, 3),
    figure('cameraHeightM', 'camera above the floor, m', cameraHeightM.value, 2),
    figure('cameraHeightSdM', '  give or take, m', cameraHeightM.sd, 2),
    figure('tiltDeg', 'tilt below the horizontal, °', tiltRad.value * DEGREES, 1),
    figure('tiltSdDeg', '  give or take, °', tiltRad.sd * DEGREES, 1),
    figure('rollDeg', 'roll, °', rollRad.value * DEGREES, 1),
    figure('focalPx', 'focal length, px', focalPx.value, 0),
    figure('focalSdPx', '  give or take, px', focalPx.sd, 0),
  ];
}

export function walkerNotes({ isFocalKnown }: WalkerCalibration): string[] {
  const notes = [
    'Not known from walkers: where on the site this is, and to where the camera looks. The origin is the floor below ' +
      'the camera, y is ahead of it. Measure one place and a direction to put it on the plan.',
    'All lengths are as right as the stature given: 5 % taller people make a floor 5 % larger.',
  ];
  if (!isFocalKnown) {
    notes.push(
      'The field of view was not given (--fov or --lens) and is a guess: distances along the line of sight may be ' +
        '20 % off and more, through a telephoto lens several times. Give it.',
    );
  }
  return notes;
}
