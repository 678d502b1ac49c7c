import { US_PER_S } from '@hitonami/model';
import type { AreaGeometry, LineGeometry, SiteGeometry } from '../geometry.js';
import type { LiveSnapshot } from '../live.js';
import type { AlertLevel, Finding } from './alert.js';
import type { LineMinute } from './line-minute.js';
import { dangerBandsOf, flowCapacityOf, SATURATED_MIN } from './thresholds.js';

/** A threshold is given up this share below itself, so that a value that sits on it does not flicker. */
export const HYSTERESIS = 0.1;
/** A share of passages against the main direction says nothing of fewer passages than this in the minute, persons. */
export const COUNTER_FLOW_PASSAGES_MIN = 10;
/** A rising density of less than this many people more in a minute is a few who came together, persons. */
export const RISING_PEOPLE_MIN = 10;
/** A band further away than this is not in sight, min. */
export const MINUTES_TO_NEXT_MAX = 60;

export type LiveAreaNow = LiveSnapshot['areas'][number];

/** What is known of an area beside its snapshot. */
export interface AreaContext {
  area: AreaGeometry;
  /** See `coverageNeeded`. */
  coverageNeeded: number;
  /** How its mean density changes, persons/m² in a minute; undefined where that is not known. */
  densityPerMin: number | undefined;
}

/** Every rule about one area. */
export function areaFindings(
  site: SiteGeometry,
  context: AreaContext,
  now: LiveAreaNow | undefined,
): Finding[] {
  const findings = [density(site, context, now), rising(site, context, now)];
  const { queueMaxPersons } = context.area.plan;
  if (queueMaxPersons !== undefined) findings.push(queue(site, context, now, queueMaxPersons));
  if (context.coverageNeeded > 0) findings.push(unseen(site, context, now));
  return findings;
}

function density(site: SiteGeometry, context: AreaContext, now: LiveAreaNow | undefined): Finding {
  const { area, coverageNeeded, densityPerMin } = context;
  const bands = dangerBandsOf(site.plan, area.plan);
  const atLeast = isSaturated(now);
  const thresholds = atLeast
    ? [bands.stable, bands.capacity, bands.unstable]
    : [bands.capacity, bands.unstable, bands.congested];
  const peak = now !== undefined && now.coverage > 0 ? now.peakDensity : undefined;
  const found = finding(site, 'density', area.plan.id, peak, thresholds);
  found.isTrusted = isSeen(now, coverageNeeded) && !atLeast;
  found.atLeast = atLeast;
  found.minutesTo = (level) => {
    const next = thresholds[level - 1];
    if (next === undefined || peak === undefined || now === undefined) return 0;
    return minutesUntil(now.people, peak, next, ((densityPerMin ?? 0) * area.areaDm2) / 100);
  };
  return found;
}

/**
 * Minutes until the highest local density reaches a band: people now, and inflow less outflow of the area as over the last
 * minute, with the densest spot growing as the number of people does. 0 where that is not in sight.
 */
export function minutesUntil(
  people: number,
  peak: number,
  next: number,
  netPerMin: number,
): number {
  if (netPerMin <= 0 || peak <= 0 || peak >= next) return 0;
  const minutes = (people * (next / peak - 1)) / netPerMin;
  return minutes <= MINUTES_TO_NEXT_MAX ? Math.max(0.1, Math.round(10 * minutes) / 10) : 0;
}

function rising(
  site: SiteGeometry,
  { area, coverageNeeded, densityPerMin }: AreaContext,
  now: LiveAreaNow | undefined,
): Finding {
  const { risingPerMin } = site.plan.alerting;
  const few = (100 * RISING_PEOPLE_MIN) / area.areaDm2;
  const found = finding(site, 'density-rising', area.plan.id, densityPerMin, [risingPerMin], false);
  if (densityPerMin === undefined || densityPerMin < few) found.level = found.hold = 0;
  found.atLeast = isSaturated(now);
  found.isTrusted = densityPerMin !== undefined && isSeen(now, coverageNeeded) && !found.atLeast;
  return found;
}

function queue(
  site: SiteGeometry,
  { area, coverageNeeded }: AreaContext,
  now: LiveAreaNow | undefined,
  most: number,
): Finding {
  const people = now !== undefined && now.coverage > 0 ? now.people : undefined;
  const found = finding(site, 'queue', area.plan.id, people, [most], false);
  found.atLeast = isSaturated(now);
  found.isTrusted = isSeen(now, coverageNeeded) && !found.atLeast;
  return found;
}

function unseen(
  site: SiteGeometry,
  { area, coverageNeeded }: AreaContext,
  now: LiveAreaNow | undefined,
): Finding {
  const coverage = now?.coverage ?? 0;
  const found = finding(site, 'unseen', area.plan.id, coverage, [coverageNeeded]);
  found.level = found.hold = coverage < coverageNeeded ? 1 : 0;
  found.isOfSilence = true;
  found.fireAfterUs = site.plan.alerting.unseenAfterS * US_PER_S;
  return found;
}

/** Every rule about one count line. */
export function lineFindings(
  site: SiteGeometry,
  line: LineGeometry,
  now: LineMinute | undefined,
): Finding[] {
  const { id, mainDirection } = line.plan;
  const seen = now?.seen === true ? now : undefined;
  const total = seen && seen.forward + seen.backward;
  const flow = total === undefined ? undefined : total / (line.lengthMm / 1000);
  const above = finding(site, 'flow', id, flow, [flowCapacityOf(line.plan)], false);
  above.isTrusted = seen !== undefined;
  if (mainDirection === undefined) return [above];
  const against = mainDirection === 'forward' ? seen?.backward : seen?.forward;
  const isMany = total !== undefined && total >= COUNTER_FLOW_PASSAGES_MIN;
  const share = isMany && against !== undefined ? against / total : undefined;
  const { counterFlowShareMax } = site.plan.alerting;
  const counter = finding(site, 'counter-flow', id, share, [counterFlowShareMax], false);
  counter.isTrusted = seen !== undefined;
  return [above, counter];
}

/** A counter that has not reported since the site is watched is silent after this, s. */
const COUNTER_FIRST_S = 300;

/** A camera as the newest frames show it. `silentUs`: since its last frame, or since the site has been watched. */
export interface CameraNow {
  camera: string;
  silentUs: number;
  blind: boolean;
  movedSinceUs: number;
}

/** Every rule about one camera. */
export function cameraFindings(site: SiteGeometry, now: CameraNow, nowUs: number): Finding[] {
  const { unseenAfterS } = site.plan.alerting;
  const isSilent = now.silentUs >= unseenAfterS * US_PER_S;
  const blind = now.blind && !isSilent ? 1 : 0;
  const moved = now.movedSinceUs > 0 ? 1 : 0;
  const movedS = moved === 0 ? 0 : Math.max(0, (nowUs - now.movedSinceUs) / US_PER_S);
  const silence = silenceFinding(site, now.camera, now.silentUs, unseenAfterS);
  const blindness = finding(site, 'camera-blind', now.camera, blind, [1]);
  blindness.level = blindness.hold = blind;
  blindness.isTrusted = !isSilent;
  blindness.fireAfterUs = unseenAfterS * US_PER_S;
  const movement = finding(site, 'camera-moved', now.camera, movedS, [0]);
  movement.level = movement.hold = moved;
  movement.fireAfterUs = 0;
  blindness.isOfSilence = movement.isOfSilence = true;
  return [silence, blindness, movement];
}

/**
 * A counter, by its line: whether that is counted now, which allows for a report that is late. Reports come as seldom as
 * once an hour, and how often is known from the first alone: so one that has never reported has longer.
 */
export function counterFindings(
  site: SiteGeometry,
  now: { counter: string; silentUs: number; hasReported: boolean },
): Finding[] {
  const { unseenAfterS } = site.plan.alerting;
  const afterS = now.hasReported ? unseenAfterS : Math.max(unseenAfterS, COUNTER_FIRST_S);
  const silence = silenceFinding(site, now.counter, now.silentUs, afterS);
  // An alert of an earlier run is not over because nobody has waited long enough yet.
  silence.isTrusted = now.hasReported || silence.level > 0;
  return [silence];
}

function silenceFinding(
  site: SiteGeometry,
  subject: string,
  silentUs: number,
  afterS: number,
): Finding {
  const silence = finding(site, 'camera-silent', subject, silentUs / US_PER_S, [afterS]);
  silence.level = silence.hold = silentUs >= afterS * US_PER_S ? 1 : 0;
  silence.fireAfterUs = 0;
  silence.isOfSilence = true;
  return silence;
}

/**
 * A finding of a value against rising thresholds. Made thousands of times a second, so plainly.
 * @param isFrom a threshold is passed by the value that equals it
 */
function finding(
  { plan }: SiteGeometry,
  rule: Finding['rule'],
  subject: string,
  value: number | undefined,
  thresholds: readonly number[],
  isFrom = true,
): Finding {
  return {
    rule,
    subject,
    level: levelOf(value, thresholds, 1, isFrom),
    hold: levelOf(value, thresholds, 1 - HYSTERESIS, isFrom),
    isTrusted: true,
    value,
    thresholds,
    atLeast: false,
    isOfSilence: false,
    minutesTo: undefined,
    fireAfterUs: plan.alerting.fireAfterS * US_PER_S,
    resolveAfterUs: plan.alerting.resolveAfterS * US_PER_S,
  };
}

function levelOf(
  value: number | undefined,
  thresholds: readonly number[],
  share: number,
  isFrom: boolean,
): AlertLevel {
  if (value === undefined) return 0;
  let level = 0;
  for (const threshold of thresholds)
    if (isFrom ? value >= threshold * share : value > threshold * share) level++;
  return level as AlertLevel;
}

/** Seen well enough to say that something is over. A camera that was probably moved looks at something else. */
function isSeen(now: LiveAreaNow | undefined, coverageNeeded: number): boolean {
  const coverage = now === undefined ? 0 : now.coverage - now.doubtful;
  return coverage > 0 && coverage >= coverageNeeded;
}

function isSaturated(now: LiveAreaNow | undefined): boolean {
  return now !== undefined && now.saturation >= SATURATED_MIN;
}
