import { KIND_MAX, PEOPLE_PER_FRAME_MAX, type SitePlan } from '@hitonami/model';
import type { PositionBatch } from '@hitonami/service';
import { brief } from './admission.js';
import { SPEED_MAX_M_S } from './device-tracks.js';

/** Farthest from the origin that a position is believed, m. */
const POSITION_MAX_M = 100_000;

/** Most entries that the ingestor tracks by itself. */
export const TRACKED_MAX = 2_000;

/** Optional columns, by their names on the wire. */
const OPTIONAL = {
  vx_m_s: 'vxMS',
  vy_m_s: 'vyMS',
  confidence: 'confidence',
  kind: 'kind',
  track: 'track',
} as const;

/** What is wrong with the columns of a batch, for a person; undefined where they can be used. */
export function columnFault(batch: PositionBatch, plan: SitePlan): string | undefined {
  return shapeFault(batch) ?? valueFault(batch, plan);
}

function shapeFault(batch: PositionBatch): string | undefined {
  const count = batch.xM.length;
  if (batch.yM.length !== count) return `x_m has ${count} entries and y_m ${batch.yM.length}`;
  if (count > PEOPLE_PER_FRAME_MAX)
    return `${count} entries are over the limit of ${PEOPLE_PER_FRAME_MAX}`;
  if (count > TRACKED_MAX && batch.track.length === 0)
    return `${count} entries without track numbers are over the limit of ${TRACKED_MAX}`;
  if (batch.blind && count > 0) return `a blind batch must have no entries, and has ${count}`;
  for (const [name, key] of Object.entries(OPTIONAL)) {
    const { length } = batch[key];
    if (length !== 0 && length !== count) return `${name} has ${length} entries and x_m ${count}`;
  }
  if (batch.vxMS.length !== batch.vyMS.length)
    return 'vx_m_s and vy_m_s come together or not at all';
  return undefined;
}

function valueFault(batch: PositionBatch, plan: SitePlan): string | undefined {
  // Written so that NaN fails.
  const within = (values: readonly number[], limit: number): boolean =>
    values.every((value) => Math.abs(value) <= limit);
  if (!within(batch.xM, POSITION_MAX_M) || !within(batch.yM, POSITION_MAX_M))
    return `x_m and y_m must be metres within ±${POSITION_MAX_M}`;
  if (!within(batch.vxMS, SPEED_MAX_M_S) || !within(batch.vyMS, SPEED_MAX_M_S))
    return `vx_m_s and vy_m_s must be within ±${SPEED_MAX_M_S}`;
  if (!batch.confidence.every((value) => value >= 0 && value <= 1))
    return 'confidence must be from 0 to 1';
  if (!batch.kind.every((value) => Number.isInteger(value) && value >= 0 && value <= KIND_MAX))
    return `kind must be from 0 to ${KIND_MAX}`;
  if (new Set(batch.track).size !== batch.track.length) return 'a track number stands twice';
  if (batch.floor !== '' && !plan.floors.some((floor) => floor.id === batch.floor))
    return `floor '${brief(batch.floor)}' is not in the plan`;
  return undefined;
}
