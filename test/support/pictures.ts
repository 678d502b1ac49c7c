import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A file beside the project: `sharedPath('models', 'x.onnx')`. It may not be there. */
export function sharedPath(...parts: string[]): string {
  return join(fileURLToPath(new URL('../../../shared', import.meta.url)), ...parts);
}

/** Whether all of these are there, and ffmpeg too. */
export function hasClips(...paths: string[]): boolean {
  return paths.every(existsSync) && spawnSync('ffmpeg', ['-version']).status === 0;
}

export interface CutFrame {
  /** 1-based, as in truth files. */
  readonly frame: number;
  readonly jpeg: Buffer;
}

/** Every `step`-th frame of a clip, from the first on, as JPEG of ffmpeg's quality 2. */
export function cutFrames(clip: string, step: number): CutFrame[] {
  const folder = mkdtempSync(join(tmpdir(), 'hitonami-frames-'));
  try {
    const filter = `select=not(mod(n\\,${String(step)}))`;
    const output = join(folder, '%05d.jpg');
    const quality = ['-vsync', 'passthrough', '-q:v', '2'];
    execFileSync('ffmpeg', ['-v', 'error', '-i', clip, '-vf', filter, ...quality, output]);
    return readdirSync(folder)
      .sort()
      .map((name, i) => ({ frame: i * step + 1, jpeg: readFileSync(join(folder, name)) }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A row of a MOT truth file. */
export interface TruthRow {
  readonly frame: number;
  readonly track: number;
  /** x1 y1 x2 y2, pixels. */
  readonly box: readonly [number, number, number, number];
  /** Floor metres; 0 where the file has none. */
  readonly x: number;
  readonly y: number;
}

/** Rows of a MOT truth file; those with confidence 0 are dropped, by the format's definition. */
export function readTruth(path: string): TruthRow[] {
  const rows: TruthRow[] = [];
  for (const line of readFileSync(path, 'utf8').trim().split('\n')) {
    const [frame = 0, track = 0, left = 0, top = 0, width = 0, height = 0, conf = 0, x = 0, y = 0] =
      line.split(',').map(Number);
    if (conf === 0) continue;
    rows.push({ frame, track, box: [left, top, left + width, top + height], x, y });
  }
  return rows;
}

type Box = readonly [number, number, number, number];

function overlap(a: Box, b: Box): number {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  return shared / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - shared);
}

/** How many of `found` (strongest first) each match a truth box of their own, at an IoU of 0.5 or more. */
export function matchBoxes(found: readonly Box[], truth: readonly Box[]): number {
  const open = new Set(truth);
  let matched = 0;
  for (const box of found) {
    let best: Box | undefined;
    for (const candidate of open) {
      const iou = overlap(box, candidate);
      if (iou >= 0.5 && (best === undefined || iou > overlap(box, best))) best = candidate;
    }
    if (best !== undefined && open.delete(best)) matched++;
  }
  return matched;
}
