const REMEMBERED = 512;

/**
 * The newest sequences of one camera's session, to tell a duplicate from a frame not seen yet. One that lies further back
 * than it remembers is taken for a duplicate: it is late in any case.
 */
class SequenceMemory {
  private readonly ring = new Float64Array(REMEMBERED).fill(-1);

  /** @returns false where the sequence was noted before */
  note(sequence: number): boolean {
    const at = sequence % REMEMBERED;
    if ((this.ring[at] as number) >= sequence) return false;
    this.ring[at] = sequence;
    return true;
  }
}

/** One session of one camera or counter. */
interface Session {
  readonly hi: number;
  readonly lo: number;
  readonly memory: SequenceMemory;
}

/** Sessions that are remembered for duplicates; the one that was taken up longest ago is forgotten over it. */
const SESSIONS_MAX = 4_096;

/** Tells duplicates from frames not seen yet, for the sessions of all cameras and counters of a site. */
export class Sessions {
  private readonly known = new Map<string, Session>();
  /** The session that each sensor was last heard in: nearly every frame is of it, and is spared a key. */
  private readonly latest = new Map<string, Session>();

  /** @returns false where this frame was noted before */
  note(sensor: string, hi: number, lo: number, sequence: number): boolean {
    let session = this.latest.get(sensor);
    if (session?.hi !== hi || session.lo !== lo) {
      session = this.find(sensor, hi, lo);
      this.latest.set(sensor, session);
    }
    return session.memory.note(sequence);
  }

  private find(sensor: string, hi: number, lo: number): Session {
    const key = `${sensor} ${hi} ${lo}`;
    let session = this.known.get(key);
    if (session !== undefined) {
      // Taken up again: now it is the newest.
      this.known.delete(key);
      this.known.set(key, session);
    } else {
      const oldest = this.known.keys().next();
      if (this.known.size >= SESSIONS_MAX && !oldest.done) this.forget(oldest.value);
      session = { hi, lo, memory: new SequenceMemory() };
      this.known.set(key, session);
    }
    return session;
  }

  private forget(key: string): void {
    const session = this.known.get(key);
    this.known.delete(key);
    for (const [sensor, latest] of this.latest) if (latest === session) this.latest.delete(sensor);
  }
}
