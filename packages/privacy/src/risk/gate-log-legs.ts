import type { GateAttack, Passage } from './gate-log.js';
import { shareOf } from './judge.js';
import type { StoredLeg } from './unicity.js';

/** The log's own exactness, s. */
const LOG_S = 1;

/**
 * The same attacker before the flow legs: whoever passed a gate was, in that step of time, at one of the places that the
 * gate lies in or at. Singled out is a passage for which only one pseudonym was.
 *
 * @param placesOf of each gate: the areas that it lies in, the lines that lie at it
 * @param stepS of the stored times
 */
export function attackGateLogByLegs(
  legs: readonly StoredLeg[],
  placesOf: readonly (readonly string[])[],
  passages: readonly Passage[],
  stepS: number,
): GateAttack {
  const stays = staysOf(legs, stepS);
  let singledOut = 0;
  for (const { gate, atS } of passages) {
    const there = new Set<string>();
    for (const place of placesOf[gate] ?? []) {
      for (const stay of stays.get(place) ?? []) {
        if (stay.fromS <= atS + LOG_S && atS - LOG_S < stay.toS) there.add(stay.pseudonym);
      }
    }
    if (there.size === 1) singledOut += 1;
  }
  const share = shareOf(singledOut, passages.length);
  return { passages: passages.length, singledOut, share, right: null, rightShare: null };
}

interface Stay {
  pseudonym: string;
  fromS: number;
  toS: number;
}

/** Who was where from when to when, as far as the steps of the stored times tell. */
function staysOf(legs: readonly StoredLeg[], stepS: number): Map<string, Stay[]> {
  const stays = new Map<string, Stay[]>();
  const add = (place: string, stay: Stay): void => {
    const of = stays.get(place);
    if (of) of.push(stay);
    else stays.set(place, [stay]);
  };
  const open = new Map<string, Stay & { place: string }>();
  const inOrder = [...legs].sort((a, b) => a.reachedS - b.reachedS || a.leftS - b.leftS);
  for (const { pseudonym, fromPlace, toPlace, leftS, reachedS } of inOrder) {
    const before = open.get(pseudonym);
    if (before && before.place === fromPlace) before.toS = Math.max(before.toS, leftS + stepS);
    else if (fromPlace !== '') add(fromPlace, { pseudonym, fromS: leftS, toS: leftS + stepS });
    if (toPlace === '') continue;
    const stay = { pseudonym, place: toPlace, fromS: reachedS, toS: reachedS + stepS };
    add(toPlace, stay);
    open.set(pseudonym, stay);
  }
  return stays;
}
