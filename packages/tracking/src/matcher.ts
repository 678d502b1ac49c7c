import { AssignmentSolver } from './assignment.js';
import type { PlaneDetection } from './detection.js';
import type { TrackerOptions } from './options.js';
import type { Track } from './track.js';

/** What a pair that may not match costs in the matrix: dearer than any that may. */
const NO_MATCH = 100;

/**
 * Joins tracks and detections one to one at the least total cost, among the pairs within the gate.
 *
 * The cost of a pair is its squared Mahalanobis distance plus the logarithm of how uncertain the track has
 * grown (the negative log-likelihood, so that a track long unseen does not win by being vague), blended
 * with 1 − IoU of the predicted box where both have one, and raised for the time that the track was unseen: who was
 * there a frame ago is likelier than who comes out from behind somebody. Boxes of different heights are different people. Pairs that share nothing are solved apart: a
 * crowd falls into many small problems instead of one large one.
 */
export class Matcher {
  readonly #options: TrackerOptions;
  readonly #solver = new AssignmentSolver();
  #pairTrack: number[] = [];
  #pairDetection: number[] = [];
  #pairCost: number[] = [];
  /** Union-find over tracks (from 0) and detections (after them). */
  #parent = new Int32Array(64);
  #place = new Int32Array(64);
  #matrix = new Float64Array(64);
  #columnOfRow = new Int32Array(16);

  constructor(options: TrackerOptions) {
    this.#options = options;
  }

  /**
   * Calls `onMatch(track, detection)` with positions in `tracks` and `detections` for every pair joined.
   */
  match(
    tracks: readonly Track[],
    detections: readonly PlaneDetection[],
    minIou: number,
    onMatch: (track: number, detection: number) => void,
  ): void {
    if (tracks.length === 0 || detections.length === 0) return;
    this.#gatherPairs(tracks, detections, minIou);
    this.#solveGroups(tracks.length, detections.length, onMatch);
  }

  #gatherPairs(
    tracks: readonly Track[],
    detections: readonly PlaneDetection[],
    minIou: number,
  ): void {
    const { gate, boxShare, heightGate, unseenCost } = this.#options;
    const ratioMax = Math.exp(heightGate);
    const nodes = tracks.length + detections.length;
    if (this.#parent.length < nodes) {
      this.#parent = new Int32Array(2 * nodes);
      this.#place = new Int32Array(2 * nodes);
    }
    for (let i = 0; i < nodes; i++) this.#parent[i] = i;
    let pairs = 0;
    for (let t = 0; t < tracks.length; t++) {
      const track = tracks[t] as Track;
      const { x, y, xx, xy, yy } = track.filter;
      for (let d = 0; d < detections.length; d++) {
        const detection = detections[d] as PlaneDetection;
        if (detection.kind !== track.kind) continue;
        const dx = detection.x - x;
        const dy = detection.y - y;
        const cov = detection.cov;
        const variance = cov === undefined ? track.positionVariance : 0;
        const rxx = cov === undefined ? variance : cov[0];
        const ryy = cov === undefined ? variance : cov[2];
        const sxx = xx + rxx;
        const syy = yy + ryy;
        // The trace is never below the largest eigenvalue: what fails here fails the gate, and cheaply.
        if (dx * dx + dy * dy > gate * (sxx + syy)) continue;
        const rxy = cov === undefined ? 0 : cov[1];
        const sxy = xy + rxy;
        const determinant = sxx * syy - sxy * sxy;
        const distance2 = (syy * dx * dx - 2 * sxy * dx * dy + sxx * dy * dy) / determinant;
        if (distance2 > gate) continue;
        const vagueness = Math.log(determinant / (rxx * ryy - rxy * rxy));
        let cost = (distance2 + vagueness) / gate;
        const box = detection.box;
        if (boxShare > 0 && box !== undefined && track.box !== undefined) {
          const ratio = (box[3] - box[1]) / track.box.height;
          if (ratio > ratioMax || ratio * ratioMax < 1) continue;
          const iou = track.box.overlapWith(box);
          if (iou < minIou) continue;
          cost = (1 - boxShare) * cost + boxShare * (1 - iou);
        }
        cost += unseenCost * Math.min(1, track.unseenS);
        this.#pairTrack[pairs] = t;
        this.#pairDetection[pairs] = d;
        this.#pairCost[pairs] = cost;
        pairs++;
        this.#join(t, tracks.length + d);
      }
    }
    this.#pairTrack.length = pairs;
    this.#pairDetection.length = pairs;
    this.#pairCost.length = pairs;
  }

  #solveGroups(
    tracks: number,
    detections: number,
    onMatch: (track: number, detection: number) => void,
  ): void {
    const pairs = this.#pairCost.length;
    const isTaken = new Uint8Array(pairs);
    for (let first = 0; first < pairs; first++) {
      if (isTaken[first] === 1) continue;
      const root = this.#root(this.#pairTrack[first] as number);
      this.#place.fill(-1, 0, tracks + detections);
      const rows: number[] = [];
      const columns: number[] = [];
      const members: number[] = [];
      for (let p = first; p < pairs; p++) {
        if (isTaken[p] === 1 || this.#root(this.#pairTrack[p] as number) !== root) continue;
        isTaken[p] = 1;
        members.push(p);
        this.#enter(this.#pairTrack[p] as number, 0, rows);
        this.#enter(this.#pairDetection[p] as number, tracks, columns);
      }
      if (members.length === 1) onMatch(rows[0] as number, columns[0] as number);
      else this.#solveGroup(rows, columns, members, tracks, onMatch);
    }
  }

  #enter(index: number, offset: number, list: number[]): void {
    if (this.#place[offset + index] !== -1) return;
    this.#place[offset + index] = list.length;
    list.push(index);
  }

  #solveGroup(
    trackList: readonly number[],
    detectionList: readonly number[],
    members: readonly number[],
    tracks: number,
    onMatch: (track: number, detection: number) => void,
  ): void {
    // A pair that may not match at a fixed cost is the same as leaving both alone, as long as the
    // shorter side is the rows.
    const tracksAreRows = trackList.length <= detectionList.length;
    const rows = Math.min(trackList.length, detectionList.length);
    const columns = Math.max(trackList.length, detectionList.length);
    if (this.#matrix.length < rows * columns) this.#matrix = new Float64Array(2 * rows * columns);
    if (this.#columnOfRow.length < rows) this.#columnOfRow = new Int32Array(2 * rows);
    this.#matrix.fill(NO_MATCH, 0, rows * columns);
    for (const p of members) {
      const t = this.#place[this.#pairTrack[p] as number] as number;
      const d = this.#place[tracks + (this.#pairDetection[p] as number)] as number;
      this.#matrix[tracksAreRows ? t * columns + d : d * columns + t] = this.#pairCost[p] as number;
    }
    this.#solver.solve(this.#matrix, rows, columns, this.#columnOfRow);
    for (let row = 0; row < rows; row++) {
      const column = this.#columnOfRow[row] as number;
      if (this.#matrix[row * columns + column] === NO_MATCH) continue;
      const track = trackList[tracksAreRows ? row : column] as number;
      onMatch(track, detectionList[tracksAreRows ? column : row] as number);
    }
  }

  #root(node: number): number {
    let at = node;
    while (this.#parent[at] !== at) {
      const grandparent = this.#parent[this.#parent[at] as number] as number;
      this.#parent[at] = grandparent;
      at = grandparent;
    }
    return at;
  }

  #join(a: number, b: number): void {
    this.#parent[this.#root(b)] = this.#root(a);
  }
}
