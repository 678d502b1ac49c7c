import type { Migration } from './index.js';

/**
 * Rows replace each other by key, the last one written wins, so that writing a row again (recovery, a rollup made
 * anew) does no harm. Reads do not wait for the merge that removes the older: see `views.ts`.
 */
export function measureTable(name: string, subject: string, columns: string): string {
  return `CREATE TABLE IF NOT EXISTS ${name} (
    site LowCardinality(String),
    ${subject
      .split(', ')
      .map((column) => `${column} LowCardinality(String)`)
      .join(', ')},
    length_s UInt32 COMMENT 'length of the window, s',
    start DateTime64(6, 'UTC') COMMENT 'start of the half-open window, event time' CODEC(DoubleDelta, ZSTD(1)),
    generation UInt32 COMMENT '0 as first written; reads take the highest',
    ${columns},
    expires_at DateTime('UTC'),
    written_at DateTime64(6, 'UTC') DEFAULT now64(6) COMMENT 'decides between two writes of one key'
  )
  ENGINE = ReplacingMergeTree(written_at)
  PARTITION BY toYYYYMM(start)
  ORDER BY (site, ${subject}, length_s, start, generation)
  TTL expires_at`;
}

/** Kept for hours or days: parts by day, and what has expired goes soon after. */
const SHORT_LIVED = 'SETTINGS merge_with_ttl_timeout = 600';

export const tables0001: Migration = {
  version: 1,
  name: 'tables',
  statements: [
    measureTable(
      'area_measures',
      'area',
      `kind LowCardinality(String),
    area_dm2 Int64 COMMENT 'size, 0.01 m²',
    person_us Int64 COMMENT 'sum of persons × time, µs',
    observed_dm2_us Int64 COMMENT 'sum of observed floor × time, 0.01 m² × µs',
    people_max UInt32 COMMENT 'most persons at one instant',
    speed_mm_us Int64 COMMENT 'sum of speed × time over persons, mm/s × µs',
    saturation_dm2_us Int64 COMMENT 'sum of detector saturation × observed floor × time, permille × 0.01 m² × µs'`,
    ),
    measureTable(
      'line_measures',
      'line',
      `forward Int64 COMMENT 'completed passages to the left of the direction of the line',
    backward Int64,
    observed_us Int64`,
    ),
    measureTable(
      'flow_measures',
      'from_place, to_place',
      `legs Int64 COMMENT 'movements that ended in the window',
    inside_us Int64 COMMENT 'sum of time inside from_place before leaving it'`,
    ),
    measureTable(
      'camera_measures',
      'camera',
      `frames Int64,
    observed_us Int64,
    blind_us Int64,
    person_us Int64,
    saturation_us Int64,
    renewed Int64 COMMENT 'tracks whose pseudonym was replaced because of its age'`,
    ),
    `CREATE TABLE IF NOT EXISTS flow_legs (
    site LowCardinality(String),
    track UInt64 COMMENT 'pseudonym: random, short-lived, without a key behind it',
    from_place LowCardinality(String),
    to_place LowCardinality(String),
    left DateTime64(6, 'UTC'),
    reached DateTime64(6, 'UTC'),
    inside_us Int64,
    expires_at DateTime('UTC')
  )
  ENGINE = ReplacingMergeTree
  PARTITION BY toDate(reached)
  ORDER BY (site, reached, track, left, from_place, to_place, inside_us)
  TTL expires_at
  ${SHORT_LIVED}`,
    `CREATE TABLE IF NOT EXISTS positions (
    site LowCardinality(String),
    captured DateTime64(6, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
    floor LowCardinality(String),
    x_mm Int32,
    y_mm Int32,
    vx_mm_s Int32,
    vy_mm_s Int32,
    kind UInt8,
    expires_at DateTime('UTC')
  )
  ENGINE = ReplacingMergeTree
  PARTITION BY toDate(captured)
  ORDER BY (site, captured, floor, x_mm, y_mm, vx_mm_s, vy_mm_s, kind)
  TTL expires_at
  ${SHORT_LIVED}`,
    `CREATE TABLE IF NOT EXISTS late_frames (
    site LowCardinality(String),
    camera LowCardinality(String),
    session UInt64,
    sequence Int64,
    captured DateTime64(6, 'UTC'),
    late_us Int64 COMMENT 'how far behind the watermark',
    expires_at DateTime('UTC')
  )
  ENGINE = ReplacingMergeTree
  PARTITION BY toYYYYMM(captured)
  ORDER BY (site, camera, session, sequence)
  TTL expires_at`,
  ],
};
