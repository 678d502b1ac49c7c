export interface WatermarkOptions {
  /** How far out of order the frames of healthy cameras may come, µs. */
  disorderUs: number;
  /** For how long a silent camera may hold back the others, µs. */
  latenessUs: number;
}

export const DEFAULT_WATERMARK: WatermarkOptions = { disorderUs: 500_000, latenessUs: 10_000_000 };

/**
 * How far event time has come for one site, from the log's own prefix alone, so that a replay sees the same:
 * W = max( min over cameras of the last capture − disorder, max over cameras of the last capture − lateness ).
 * A tick counts as a capture of no camera.
 */
export class Watermark {
  private readonly options: WatermarkOptions;
  private readonly last = new Map<string, number>();
  private cameras: readonly string[] = [];
  private newestUs = -Infinity;
  /** The camera that holds the minimum; only its frames can move it, so only they are worth a search. */
  private slowest: string | undefined;
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
    this.cameras = cameras;
    this.slowest = undefined;
  }

  frame(camera: string, capturedUs: number): void {
    const before = this.last.get(camera) ?? -Infinity;
    if (capturedUs > before) this.last.set(camera, capturedUs);
    this.newestUs = Math.max(this.newestUs, capturedUs);
    if (this.slowest === undefined || this.slowest === camera) this.findSlowest();
    this.advance();
  }

  tick(nowUs: number): void {
    this.newestUs = Math.max(this.newestUs, nowUs);
    this.advance();
  }

  private advance(): void {
    const oldest =
      this.slowest === undefined ? -Infinity : (this.last.get(this.slowest) ?? -Infinity);
    this.valueUs = Math.max(
      this.valueUs,
      oldest - this.options.disorderUs,
      this.newestUs - this.options.latenessUs,
    );
  }

  private findSlowest(): void {
    let oldest = Infinity;
    for (const camera of this.cameras) {
      const at = this.last.get(camera) ?? -Infinity;
      if (at < oldest) {
        oldest = at;
        this.slowest = camera;
      }
    }
  }
}
