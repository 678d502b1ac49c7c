const REMEMBERED = 512;

/**
 * The newest sequences of one camera's session, to tell a duplicate from a frame not seen yet. A frame that lies further
 * back than it remembers is taken for a duplicate's equal: it is late in any case.
 */
export class SequenceMemory {
  private readonly ring = new Float64Array(REMEMBERED).fill(-1);

  /** @returns false where the sequence was noted before */
  note(sequence: number): boolean {
    const at = sequence % REMEMBERED;
    if (this.ring[at] === sequence) return false;
    this.ring[at] = sequence;
    return true;
  }
}
