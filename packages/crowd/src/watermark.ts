export interface WatermarkOptions {
  /** How far out of order the frames of healthy cameras may come, µs. */
  disorderUs: number;
  /** For how long a silent camera may hold back the others, µs. */
  latenessUs: number;
}

export const DEFAULT_WATERMARK: WatermarkOptions = { disorderUs: 500_000, latenessUs: 10_000_000 };

/** What is known of one camera's clock, µs. */
interface CameraClock {
  /** Its last capture, −∞ before the first. */
  lastUs: number;
  /** Its last capture when the heap was last put in order by it: never later than `lastUs`. */
  keyUs: number;
}

/**
 * How far event time has come for one site, from the log's own prefix alone, so that a replay sees the same:
 * W = max( min over cameras of the last capture − disorder, max over cameras of the last capture − lateness ).
 * A tick counts as a capture of no camera.
 */
export class Watermark {
  private readonly options: WatermarkOptions;
  private readonly clocks = new Map<string, CameraClock>();
  /** The cameras that are waited for, a binary heap by `keyUs`: keys only rise, so one is corrected when it comes to the top. */
  private heap: CameraClock[] = [];
  private slowestUs = -Infinity;
  private newestUs = -Infinity;
  /** µs; never falls. */
  valueUs = -Infinity;

  constructor(options: WatermarkOptions) {
    this.options = options;
  }

  /** The newest instant heard of, µs. */
  get newest(): number {
    return this.newestUs;
  }

  /** The cameras that are waited for. */
  expect(cameras: readonly string[]): void {
    this.heap = cameras.map((camera) => this.clockOf(camera));
    for (const clock of this.heap) clock.keyUs = clock.lastUs;
    this.heap.sort((a, b) => (a.keyUs < b.keyUs ? -1 : a.keyUs > b.keyUs ? 1 : 0));
    this.slowestUs = -Infinity;
  }

  frame(camera: string, capturedUs: number): void {
    const clock = this.clockOf(camera);
    if (capturedUs > clock.lastUs) clock.lastUs = capturedUs;
    if (capturedUs > this.newestUs) this.newestUs = capturedUs;
    this.slowestUs = this.earliest();
    this.advance();
  }

  tick(nowUs: number): void {
    this.newestUs = Math.max(this.newestUs, nowUs);
    this.advance();
  }

  private clockOf(camera: string): CameraClock {
    let clock = this.clocks.get(camera);
    if (clock === undefined) {
      clock = { lastUs: -Infinity, keyUs: -Infinity };
      this.clocks.set(camera, clock);
    }
    return clock;
  }

  private advance(): void {
    this.valueUs = Math.max(
      this.valueUs,
      this.slowestUs - this.options.disorderUs,
      this.newestUs - this.options.latenessUs,
    );
  }

  /** The earliest of the cameras' last captures, −∞ where one has none or nobody is waited for. */
  private earliest(): number {
    for (;;) {
      const top = this.heap[0];
      if (top === undefined) return -Infinity;
      if (top.keyUs === top.lastUs) return top.lastUs;
      top.keyUs = top.lastUs;
      this.siftDown(top);
    }
  }

  /** Moves the clock at the top down to where its key belongs. */
  private siftDown(clock: CameraClock): void {
    const { heap } = this;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      let least = heap[child];
      if (least === undefined) break;
      const right = heap[child + 1];
      if (right !== undefined && right.keyUs < least.keyUs) {
        least = right;
        child++;
      }
      if (least.keyUs >= clock.keyUs) break;
      heap[at] = least;
      at = child;
    }
    heap[at] = clock;
  }
}
