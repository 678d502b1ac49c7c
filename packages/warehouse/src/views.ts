import { LEVELS, LOS_DENSITY_BOUNDS } from '@hitonami/crowd';

/**
 * The read views: one row per (site, subject, length, start), that of the highest generation and of it the one
 * written last, whether the engine has merged or not. They are made anew by every `migrate`, so that the bounds of
 * the levels of service are those of `LOS_DENSITY_BOUNDS`.
 *
 * Grouping by the key rather than FINAL or LIMIT BY: conditions on the key go through it to the primary index.
 */
interface ReadView {
  table: string;
  subject: readonly string[];
  /** Stored columns. */
  kept: readonly string[];
  /** Values derived from them, by name. */
  derived: Readonly<Record<string, string>>;
}

/** Fruin's level of the column `density` for an area of the column `kind`; NULL where the density is. */
export function levelOfServiceSql(): string {
  const branches = Object.entries(LOS_DENSITY_BOUNDS).flatMap(([kind, bounds]) => [
    ...bounds.map((bound, i) => `kind = '${kind}' AND density <= ${bound}, '${LEVELS[i] ?? ''}'`),
    `kind = '${kind}', '${LEVELS[bounds.length] ?? ''}'`,
  ]);
  return `if(density IS NULL, NULL, multiIf(${branches.join(', ')}, NULL))`;
}

export const READ_VIEWS = {
  area_measures_read: {
    table: 'area_measures',
    subject: ['area'],
    kept: [
      'kind',
      'area_dm2',
      'person_us',
      'observed_dm2_us',
      'people_max',
      'speed_mm_us',
      'saturation_dm2_us',
      'doubtful_dm2_us',
      'peak_samples',
      'peak_per_1000_m2',
      'pressure_samples',
      'pressure_micro_sum',
      'pressure_micro_max',
    ],
    derived: {
      area_m2: 'area_dm2 / 100',
      density: 'if(observed_dm2_us > 0, person_us * 100 / observed_dm2_us, NULL)',
      occupancy: 'density * area_dm2 / 100',
      occupancy_max: 'if(observed_dm2_us > 0, people_max, NULL)',
      los: levelOfServiceSql(),
      mean_speed_m_s: 'if(person_us > 0, speed_mm_us / person_us / 1000, NULL)',
      coverage: 'if(area_dm2 > 0, observed_dm2_us / (area_dm2 * length_s * 1000000), NULL)',
      saturation: 'if(observed_dm2_us > 0, saturation_dm2_us / observed_dm2_us / 1000, NULL)',
      doubtful: 'if(observed_dm2_us > 0, doubtful_dm2_us / observed_dm2_us, NULL)',
      peak_density: 'if(peak_samples > 0, peak_per_1000_m2 / 1000, NULL)',
      pressure: 'if(pressure_samples > 0, pressure_micro_sum / pressure_samples / 1000000, NULL)',
      pressure_max: 'if(pressure_samples > 0, pressure_micro_max / 1000000, NULL)',
    },
  },
  line_measures_read: {
    table: 'line_measures',
    subject: ['line'],
    kept: ['forward', 'backward', 'observed_us', 'doubtful_us'],
    derived: {
      // Over the time observed: what passed unseen is not taken for nobody.
      forward_per_min: 'if(observed_us > 0, forward * 60000000 / observed_us, NULL)',
      backward_per_min: 'if(observed_us > 0, backward * 60000000 / observed_us, NULL)',
      coverage: 'observed_us / (length_s * 1000000)',
      doubtful: 'if(observed_us > 0, doubtful_us / observed_us, NULL)',
    },
  },
  flow_measures_read: {
    table: 'flow_measures',
    subject: ['from_place', 'to_place'],
    kept: ['legs', 'inside_us', 'joined', 'confidence_permille'],
    derived: {
      mean_inside_s: 'if(legs > 0, inside_us / legs / 1000000, NULL)',
      joined_share: 'if(legs > 0, joined / legs, NULL)',
      mean_confidence: 'if(legs > 0, confidence_permille / legs / 1000, NULL)',
    },
  },
  journey_measures_read: {
    table: 'journey_measures',
    subject: ['from_place', 'to_place'],
    kept: ['journeys', 'travel_us', 'joined', 'confidence_permille'],
    derived: {
      mean_travel_s: 'if(journeys > 0, travel_us / journeys / 1000000, NULL)',
      joined_share: 'if(journeys > 0, joined / journeys, NULL)',
      mean_confidence: 'if(journeys > 0, confidence_permille / journeys / 1000, NULL)',
    },
  },
  camera_measures_read: {
    table: 'camera_measures',
    subject: ['camera'],
    kept: [
      'frames',
      'observed_us',
      'blind_us',
      'person_us',
      'saturation_us',
      'renewed',
      'moved_since_us',
    ],
    derived: {
      people: 'if(observed_us > 0, person_us / observed_us, NULL)',
      coverage: 'observed_us / (length_s * 1000000)',
      saturation: 'if(observed_us > 0, saturation_us / observed_us / 1000, NULL)',
      moved_since: "if(moved_since_us > 0, fromUnixTimestamp64Micro(moved_since_us, 'UTC'), NULL)",
    },
  },
} satisfies Record<string, ReadView>;

/**
 * How many tracks of a site were cut because their pseudonym had reached its age, by window: to be read beside the movements
 * of people, which end at such a cut. One sum for all lengths, so it lives as long as they do.
 */
export const CUT_TRACKS_VIEW = `CREATE OR REPLACE VIEW cut_tracks_read AS
    SELECT site, length_s, start, end, sum(camera.renewed) AS cut_tracks
    FROM camera_measures_read AS camera
    GROUP BY site, length_s, start, end`;

export type ReadViewName = keyof typeof READ_VIEWS;

export const READ_VIEW_NAMES = Object.keys(READ_VIEWS) as ReadViewName[];

/** Names of a view's columns beside its key, in order. */
export function valueColumns(name: ReadViewName): string[] {
  const view: ReadView = READ_VIEWS[name];
  return [...view.kept, ...Object.keys(view.derived)];
}

export function createViewStatement(name: ReadViewName): string {
  const view: ReadView = READ_VIEWS[name];
  const key = ['site', ...view.subject, 'length_s', 'start'].join(', ');
  const newest = view.kept
    .map((column, i) => `tupleElement(newest, ${i + 1}) AS ${column}`)
    .join(', ');
  const derived = Object.entries(view.derived)
    .map(([column, formula]) => `${formula} AS ${column}`)
    .join(', ');
  return `CREATE OR REPLACE VIEW ${name} AS
    SELECT ${key}, start + toIntervalSecond(length_s) AS end, highest AS generation, ${newest}, ${derived}
    FROM (
      SELECT ${key}, max(generation) AS highest,
        argMax(tuple(${view.kept.join(', ')}), (generation, written_at)) AS newest
      FROM ${view.table}
      GROUP BY ${key}
    )`;
}
