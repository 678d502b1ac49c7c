import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { folders } from './rule-files.js';

export interface Panel {
  id: number;
  type: string;
  title: string;
  description?: string;
  gridPos: { x: number; y: number; w: number; h: number };
  fieldConfig?: { defaults: { unit?: string } };
  targets?: { refId: string; expr: string; legendFormat?: string }[];
}

export interface Dashboard {
  uid: string;
  title: string;
  tags: string[];
  templating: { list: { name: string; label: string; definition?: string }[] };
  panels: Panel[];
}

export const dashboards: [string, Dashboard][] = readdirSync(folders.dashboards)
  .filter((name) => name.endsWith('.json'))
  .map((name) => [
    name,
    JSON.parse(readFileSync(join(folders.dashboards, name), 'utf8')) as Dashboard,
  ]);

/** Every query, with Grafana's variables filled in; also those that the variables are filled by. */
export function dashboardQueries(): { where: string; expr: string }[] {
  return dashboards.flatMap(([file, { panels, templating }]) => [
    ...templating.list.flatMap(({ name, definition }) => {
      const [, expr] = /^label_values\((.*), \w+\)$/.exec(definition ?? '') ?? [];
      return expr === undefined ? [] : [{ where: `${file}: ${name}`, expr }];
    }),
    ...panels.flatMap(({ title, targets = [] }) =>
      targets.map(({ expr }) => ({
        where: `${file}: ${title}`,
        expr: expr.replaceAll('$__rate_interval', '1m').replaceAll('$__range', '1h'),
      })),
    ),
  ]);
}
