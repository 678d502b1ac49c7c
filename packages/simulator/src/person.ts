/** How someone is on their way. A pushchair, wheelchair or bicycle is one person with it; a bicycle is pushed. */
export type PersonKind = 'walker' | 'pushchair' | 'wheelchair' | 'bicycle';

/** Someone at an instant, as truth knows them. */
export interface SimulatedPerson {
  /** From 1, in the order of entering; never used twice in a run. */
  id: number;
  /** The point of the floor between the feet (between the wheels of a wheelchair), metres. */
  x: number;
  y: number;
  /** m/s. */
  vx: number;
  vy: number;
  /** Where they face, radians counter-clockwise from east (x). A pushchair or bicycle is ahead of or beside them. */
  headingRad: number;
  kind: PersonKind;
  /** Standing height in shoes, metres; also of someone who sits in a wheelchair. */
  statureM: number;
}
