import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { requireOrSkip } from '../support/require.js';
import { dashboardQueries, dashboards } from './dashboards.js';
import { folders } from './rule-files.js';

// The dashboards for those who live in Grafana. That they read only series that the services really have is shown by
// story.test.ts, which runs the services.

const JAPANESE = /[\u3040-\u30ff\u4e00-\u9fff]/;
/** Words that are the same in both languages. */
const PLAIN = new Set(['CPU']);

function hasPromtool(): boolean {
  try {
    execFileSync('promtool', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe.each(dashboards)('%s', (file, { uid, title, tags, panels, templating }) => {
  it('has titles in both languages, a unit for every number, and says which data source it means', () => {
    expect(uid).toBe(`hitonami-${file.replace('.json', '')}`);
    expect(tags).toContain('hitonami');
    expect(templating.list[0]?.name).toBe('datasource');
    for (const text of [
      title,
      ...templating.list.map(({ label }) => label),
      ...panels.map((one) => one.title),
    ])
      if (!PLAIN.has(text)) {
        const [ja = '', en = ''] = text.split(' / ');
        expect(ja).toMatch(JAPANESE);
        expect(en).toMatch(/^[\x20-\x7e’]+$/);
      }
    for (const { type, title: name, fieldConfig, targets = [] } of panels) {
      if (type === 'row') continue;
      expect([name, fieldConfig?.defaults.unit]).toEqual([name, expect.any(String)]);
      expect([name, targets.length]).toEqual([name, expect.toSatisfy((n: number) => n > 0)]);
      for (const target of targets)
        expect(target).toMatchObject({ datasource: { type: 'prometheus', uid: '${datasource}' } });
    }
  });

  it('has panels that lie beside each other, each with an id of its own', () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const taken = new Set<string>();
    for (const { title: name, gridPos } of panels) {
      expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++)
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect([name, taken.has(`${x} ${y}`)]).toEqual([name, false]);
          taken.add(`${x} ${y}`);
        }
    }
  });
});

it.skipIf(!requireOrSkip('queries of the dashboards', hasPromtool(), 'install prometheus'))(
  'every query is one that Prometheus understands',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'hitonami-dashboards-'));
    try {
      const rules = dashboardQueries().map(({ expr }, i) => ({ record: `query:${i}`, expr }));
      const file = join(folder, 'queries.yml');
      writeFileSync(file, stringify({ groups: [{ name: 'queries', rules }] }));
      const said = execFileSync('promtool', ['check', 'rules', file], { encoding: 'utf8' });
      expect(said).toContain(`${rules.length} rules found`);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);

it('Grafana is told where the dashboards and their data are', () => {
  const read = (path: string): unknown =>
    parse(readFileSync(join(folders.deploy, 'grafana/provisioning', path), 'utf8'));
  expect(read('datasources/prometheus.yaml')).toMatchObject({
    datasources: [{ type: 'prometheus', isDefault: true }, { type: 'alertmanager' }],
  });
  expect(read('dashboards/hitonami.yaml')).toMatchObject({
    providers: [{ type: 'file', allowUiUpdates: false }],
  });
});
