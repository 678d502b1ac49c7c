import { join } from 'node:path';
import type { ReleasedCell } from '@hitonami/model';
import { AnchoredPlane } from '../earth/anchored.js';
import { OutputFile } from '../files/output-file.js';
import { releaseFile, type Format } from './format.js';
import { geometryOf } from './shapes.js';

/** The terms of the data model, then those of NGSI-LD, which give terms of ours a default name. */
const CONTEXT = [
  'https://raw.githubusercontent.com/smart-data-models/dataModel.Transportation/master/context.jsonld',
  'https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.8.jsonld',
];
const KM_H = 3.6;

/**
 * FIWARE's CrowdFlowObserved, NGSI-LD normalized, an array of entities as a context broker takes a batch of; of areas and lines
 * alone. `peopleCount` is "people detected during the observation": the most in an area at one instant, passages of a line. Its
 * `occupancy` is a fraction of time and there is no density, so neither is there; `direction` is relative to a city's centre, which
 * no plan knows: a line's `forward` is `peopleCountTowards`, its `backward` `peopleCountAway`. By the model the absence of
 * `congested` means no congestion: it is told of every area with a level of service, true at F.
 */
export const ngsiLd: Format = async (context) => {
  const { draft, places, times, folder, stem } = context;
  const { subject } = draft.dataset;
  if (subject !== 'areas' && subject !== 'lines') return undefined;
  const name = `${stem}.ngsi-ld.jsonld`;
  const file = await OutputFile.create(join(folder, name));
  const plane = new AnchoredPlane(draft.plan.anchor);
  const locations = new Map<string, string>();
  const locationOf = (id: string | undefined): string => {
    const known = locations.get(id ?? '');
    if (known !== undefined) return known;
    const of = id === undefined ? [] : [places.get(id)].filter((place) => place !== undefined);
    const geometry = geometryOf(of, plane);
    const text =
      geometry === null
        ? ''
        : `,"location":${JSON.stringify({ type: 'GeoProperty', value: geometry })}`;
    const named = of[0] === undefined ? '' : property('name', JSON.stringify(of[0].name.en));
    locations.set(id ?? '', named + text);
    return named + text;
  };
  const tail = `,"@context":${JSON.stringify(CONTEXT)}}`;
  const prefix = `urn:ngsi-ld:CrowdFlowObserved:${draft.site}:${draft.dataset.id}:`;
  let step: Step | undefined;
  await file.text('[');
  let rows = 0;
  return {
    take: async ({ cells }) => {
      let text = '';
      for (const cell of cells) {
        const { places: ids, direction, startMs, lengthMs } = cell.key;
        if (step?.startMs !== startMs || step.lengthMs !== lengthMs)
          step = stepOf(startMs, lengthMs, times.text(startMs));
        const way = direction === undefined ? '' : `:${direction}`;
        text +=
          `${rows++ === 0 ? '\n' : ',\n'}{"id":"${prefix}${ids[0] ?? 'all'}${way}:${step.start}","type":"CrowdFlowObserved"` +
          step.dates +
          measuresOf(cell) +
          qualityOf(cell) +
          locationOf(ids[0]) +
          tail;
      }
      await file.text(text);
    },
    finish: async () => {
      await file.text('\n]\n');
      return releaseFile(name, 'ngsi-ld', await file.finish(), rows);
    },
    close: () => file.close(),
  };
};

function measuresOf({ absent, measures, key }: ReleasedCell): string {
  if (absent !== undefined) return property('absentReason', `"${absent}"`);
  const count = measures.count ?? measures.occupancyMax;
  const speed = measures.meanSpeedMS;
  let text = key.direction === undefined ? '' : property('lineDirection', `"${key.direction}"`);
  if (typeof count === 'number') {
    text += property('peopleCount', String(count));
    if (key.direction === 'forward') text += property('peopleCountTowards', String(count));
    if (key.direction === 'backward') text += property('peopleCountAway', String(count));
  }
  if (typeof speed === 'number') text += property('averageCrowdSpeed', String(speed * KM_H), 'KMH');
  if (typeof measures.los === 'string') text += property('congested', String(measures.los === 'F'));
  return text;
}

function qualityOf({ quality }: ReleasedCell): string {
  const { coverage, doubtful, saturation } = quality;
  let text = property('coverage', String(coverage));
  if (doubtful !== null) text += property('doubtfulShare', String(doubtful));
  if (saturation !== null) text += property('saturation', String(saturation));
  return text;
}

/** @param unit UN/CEFACT, as NGSI-LD has it */
function property(name: string, json: string, unit?: string): string {
  const code = unit === undefined ? '' : `,"unitCode":"${unit}"`;
  return `,"${name}":{"type":"Property","value":${json}${code}}`;
}

function date(name: string, value: string): string {
  return property(name, `{"@type":"DateTime","@value":"${value}"}`);
}

/** What all entities of a step have. */
interface Step {
  readonly startMs: number;
  readonly lengthMs: number;
  /** UTC. */
  readonly start: string;
  readonly dates: string;
}

function stepOf(startMs: number, lengthMs: number, local: string): Step {
  const utc = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;
  const start = utc(startMs);
  const end = utc(startMs + lengthMs);
  const dates =
    date('dateObserved', `${start}/${end}`) +
    date('dateObservedFrom', start) +
    date('dateObservedTo', end) +
    property('localStart', `"${local}"`);
  return { startMs, lengthMs, start, dates };
}
