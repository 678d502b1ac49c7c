import type { Frame, Receipt } from '@hitonami/service';

/** Cameras that send, and frames of each that wait for a receipt: enough that no worker ever waits for a frame. */
export const SENDING_CAMERAS = 4;
const FRAMES_UNANSWERED = 3;
const PERIOD_US = 200_000;

/** Somebody who takes frames and answers with receipts. */
export interface Door {
  send: (frame: Frame) => void;
}

/** Keeps the cameras' frames coming as fast as receipts go out, and counts the receipts. */
export class FrameSender {
  private readonly name: string;
  private readonly pictures: readonly Buffer[];
  private readonly door: Door;
  private readonly sequences = new Map<string, number>();
  private readonly startUs = (Date.now() - 86_400_000) * 1000;
  private processed = 0;
  private unanswered = 0;
  private sending = false;
  private fault: Error | undefined;

  /** @param name of the cameras: no two senders may share any */
  constructor(name: string, pictures: readonly Buffer[], door: Door) {
    this.name = name;
    this.pictures = pictures;
    this.door = door;
  }

  /** To be called with every receipt. */
  answered({ camera, sequence, processed, shed, rejected }: Receipt): void {
    this.unanswered--;
    if (processed) this.processed++;
    else {
      const why = shed ? `shed (${shed.reason})` : `rejected (${rejected?.detail ?? 'no reason'})`;
      this.fault = new Error(`frame ${String(sequence)} of ${camera} was ${why}`);
    }
    if (this.sending) this.sendNext(camera);
  }

  /** Frames a second over `measuredMs`, after `warmMs`; all are answered when it resolves. */
  async rate(warmMs: number, measuredMs: number): Promise<number> {
    this.sending = true;
    for (let i = 0; i < SENDING_CAMERAS * FRAMES_UNANSWERED; i++)
      this.sendNext(`${this.name}-${String(i % SENDING_CAMERAS)}`);
    await pause(warmMs);
    const before = this.processed;
    const startMs = performance.now();
    await pause(measuredMs);
    const rate = ((this.processed - before) * 1000) / (performance.now() - startMs);
    this.sending = false;
    while (this.unanswered > 0 && !this.fault) await pause(5);
    if (this.fault) throw this.fault;
    return rate;
  }

  private sendNext(camera: string): void {
    const sequence = this.sequences.get(camera) ?? 0;
    this.sequences.set(camera, sequence + 1);
    this.unanswered++;
    const picture = this.pictures[sequence % this.pictures.length] as Buffer;
    this.door.send({
      site: 'bench',
      camera,
      sequence,
      capturedUs: this.startUs + sequence * PERIOD_US,
      periodUs: PERIOD_US,
      // A copy: whoever takes a frame overwrites it.
      image: Buffer.from(picture),
      recorded: false,
    });
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
