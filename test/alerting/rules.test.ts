import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { COUNTER_FLOW_PASSAGES_MIN, HYSTERESIS, SATURATED_MIN } from '@hitonami/crowd';
import { ALERT_RULES, alertingDefaults } from '@hitonami/model';
import { describe, expect, it } from 'vitest';
import { filledAlertmanagerConfig } from '../support/compose.js';
import { requireOrSkip } from '../support/require.js';
import {
  alertRules,
  folders,
  recordings,
  ruleFiles,
  ruleTestFiles,
  ruleTests,
  type AlertRule,
} from './rule-files.js';

// Rules of Prometheus and routes of Alertmanager, as they are shipped. What each rule fires on, and what not, is in
// rules/*.yml, in the language of promtool.

const root = join(import.meta.dirname, '../..');
const alertmanagerFile = join(folders.deploy, 'alertmanager/alertmanager.yml');

function has(program: string): boolean {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Runs a program and gives back what it said; its complaint is the failure. */
function run(program: string, ...args: string[]): string {
  try {
    return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${program} ${args.join(' ')}:\n${stdout}${stderr}`, { cause: error });
  }
}

describe.skipIf(!requireOrSkip('rules of Prometheus', has('promtool'), 'install prometheus'))(
  'Prometheus',
  () => {
    it('takes the configuration with its rules', () => {
      const said = run(
        'promtool',
        'check',
        'config',
        join(folders.deploy, 'prometheus/prometheus.yml'),
      );
      expect(said).toContain(`${ruleFiles.length} rule files found`);
    });

    it.each(ruleTestFiles.map((file) => [basename(file, '.yml'), file]))(
      'fires when it must and only then: %s',
      (_, file) => {
        expect(run('promtool', 'test', 'rules', file)).toContain('SUCCESS');
      },
      60_000,
    );
  },
);

describe.skipIf(
  !requireOrSkip('routes of Alertmanager', has('amtool'), 'install prometheus-alertmanager'),
)('Alertmanager', () => {
  it('takes the configuration, as it is and as the container fills it in, with addresses and without', () => {
    run('amtool', 'check-config', alertmanagerFile);
    const folder = mkdtempSync(join(tmpdir(), 'hitonami-alertmanager-'));
    const file = join(folder, 'alertmanager.yml');
    try {
      for (const url of ['https://call.example/hook?a=b', '']) {
        const names = ['PAGE_WEBHOOK_URL', 'TICKET_WEBHOOK_URL', 'HEARTBEAT_WEBHOOK_URL'];
        const given = Object.fromEntries(names.map((name) => [name, url]));
        writeFileSync(file, filledAlertmanagerConfig(given));
        run('amtool', 'check-config', file);
        expect(readFileSync(file, 'utf8')).not.toMatch(/url: .*\.invalid/);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it.each([
    ['emergency', 'page'],
    ['critical', 'page'],
    ['warning', 'ticket'],
    ['none', 'heartbeat'],
  ])('sends what is %s to the receiver %s', (severity, receiver) => {
    const alertname = severity === 'none' ? 'Watchdog' : 'Any';
    const labels = [`severity=${severity}`, 'site=station', `alertname=${alertname}`];
    const arguments_ = ['config', 'routes', 'test', '--config.file', alertmanagerFile, ...labels];
    expect(run('amtool', ...arguments_).trim()).toBe(receiver);
  });

  it('holds back only what there are rules for, and never an emergency', () => {
    const text = readFileSync(alertmanagerFile, 'utf8');
    for (const [, list = ''] of text.matchAll(/alertname=~?"([^"]+)"/g))
      for (const name of list.split('|'))
        expect(alertRules.map((rule) => rule.alert)).toContain(name);
    const held = [...text.matchAll(/target_matchers:[^]*?(?=\n {2}- source|\nreceivers)/g)].join(
      '',
    );
    for (const { alert, labels } of alertRules)
      if (labels['severity'] === 'emergency' || labels['severity']?.includes('{{'))
        expect(held).not.toContain(alert);
    expect(held).not.toMatch(/severity=~?"[^"]*emergency/);
  });
});

describe.each(alertRules.map((rule) => [rule.alert, rule] as const))('%s', (name, rule) => {
  it('says how bad it is, what it is about, in both languages, and what to do', () => {
    const { labels, annotations } = rule;
    expect(labels['severity']).toMatch(
      /^(emergency|critical|warning|none)$|^\{\{ if .*emergency.*\}\}$/,
    );
    expect(labels['rule']).toMatch(/^[a-z-]+$/);
    expect(labels['subject']).toBeTruthy();
    expect(annotations['summary_ja']).toMatch(/[\u3040-\u30ff\u4e00-\u9fff]/);
    expect(annotations['summary_en']).not.toMatch(/[\u3040-\u30ff\u4e00-\u9fff]/);
    expect(annotations['summary']).toBe(annotations['summary_en']);
    expect(Object.keys(annotations).toSorted()).toEqual(
      ['console_url', 'runbook_url', 'summary', 'summary_en', 'summary_ja'].toSorted(),
    );
  });

  it('must last, and be over for a while, so that it does not flicker', () => {
    expect(rule.keep_firing_for).toMatch(/^\d+[sm]$/);
    // How long a camera may be silent is in its expression, from the plan; the watchdog always fires.
    const waitsByItself = ['CameraSilent', 'Watchdog'].includes(name);
    expect(rule.for !== undefined).toBe(!waitsByItself);
  });

  it('leads to a runbook that is about it', () => {
    const page = /^\{\{ \$externalURL \}\}\/user\/([a-z-]+\.md)$/.exec(
      rule.annotations['runbook_url'] ?? '',
    )?.[1];
    const text = readFileSync(join(folders.runbooks, page ?? 'none'), 'utf8');
    expect(text).toContain(`\`${name}\``);
    expect(text).toMatch(/[\u3040-\u30ff]/);
    expect(text).toMatch(/\*\*Escalate/);
  });

  it('leads to a view of the console', () => {
    const path = (rule.annotations['console_url'] ?? '')
      .replaceAll(/\{\{ if [^}]*\}\}|\{\{ end \}\}/g, '')
      .replaceAll(/\{\{ \$labels\.(\w+) \}\}/g, ':$1');
    expect(path).toMatch(/^\{\{ \$externalLabels\.console \}\}/);
    const [, view] = /\/sites\/:site\/(.+)$/.exec(path) ?? [];
    if (view === undefined) expect(path).toBe('{{ $externalLabels.console }}');
    else expect(consoleViews()).toContain(view);
  });

  it('is tested by promtool: that it fires, what it says, and that it does not fire', () => {
    const texts = ruleTests.flatMap((test) => test.alert_rule_test ?? []);
    expect(texts.some((test) => test.alertname === name && test.exp_alerts !== undefined)).toBe(
      true,
    );
    const silences = ruleTests
      .flatMap((test) => test.promql_expr_test ?? [])
      .filter(({ expr, exp_samples: samples }) => {
        const [, pattern] = /alertname=~?"([^"]+)"/.exec(expr) ?? [];
        return (
          new RegExp(`^(${pattern ?? ''})$`).test(name) &&
          !(samples ?? []).some(({ labels }) => labels.includes(name))
        );
      });
    if (name !== 'Watchdog') expect(silences.length).toBeGreaterThan(0);
  });
});

/** The paths of the web application under a site. */
function consoleViews(): string[] {
  const routes = readFileSync(join(root, 'services/console/web/src/app/routes.tsx'), 'utf8');
  return [...routes.matchAll(/path: '([a-z/:]+)'/g)].map(([, path = '']) => path);
}

describe('the rules and the aggregator, which evaluates the same each second,', () => {
  const rule = (name: string): AlertRule => {
    const found = alertRules.find(({ alert }) => alert === name);
    if (!found) throw new Error(`there is no rule ${name}`);
    return found;
  };
  const defaults = alertingDefaults();

  it('have a rule each of every kind, named alike', () => {
    const names = new Set(alertRules.map(({ labels }) => labels['rule']));
    for (const kind of ALERT_RULES) expect(names).toContain(kind);
  });

  it('fire and resolve after the same time, where a plan says nothing about it', () => {
    for (const { alert, for: after, keep_firing_for: keep, labels } of alertRules) {
      const kinds = ['density', 'density-rising', 'flow', 'counter-flow', 'queue'];
      if (!kinds.includes(labels['rule'] ?? '') || alert === 'CrowdDensityCannotSee') continue;
      expect([alert, after]).toEqual([alert, `${defaults.fireAfterS}s`]);
      expect([alert, keep]).toEqual([alert, `${defaults.resolveAfterS}s`]);
    }
    expect(rule('CrowdAreaUnseen').for).toBe(`${defaults.unseenAfterS}s`);
    expect(rule('CameraBlind').for).toBe(`${defaults.unseenAfterS}s`);
    // And whose plan says something else is told so.
    const told = [...rule('AlertTimesDiffer').expr.matchAll(/stage="(\w+)"\} != (\d+)/g)];
    expect(Object.fromEntries(told.map(([, stage, seconds]) => [stage, Number(seconds)]))).toEqual({
      ...{ fire: defaults.fireAfterS, resolve: defaults.resolveAfterS },
      unseen: defaults.unseenAfterS,
    });
  });

  it('take a detector for saturated, a band for left and a share for telling at the same values', () => {
    const expression = (name: string): string =>
      recordings.find(({ record }) => record === name)?.expr ?? '';
    expect(expression('hitonami:area_saturated')).toMatch(new RegExp(`>= bool ${SATURATED_MIN}$`));
    expect(expression('hitonami:area_density_seen')).toContain(`(${1 - HYSTERESIS} * hitonami`);
    expect(rule('CrowdCounterFlow').expr).toContain(`* 60 >= ${COUNTER_FLOW_PASSAGES_MIN}`);
  });

  it('have no threshold of their own where the plan has one', () => {
    for (const { alert, expr, labels } of alertRules)
      if (
        ALERT_RULES.includes(labels['rule'] as (typeof ALERT_RULES)[number]) &&
        !/moved|blind/.test(labels['rule'] ?? '')
      )
        expect([alert, /_threshold|area_density_(over|held)/.test(expr)]).toEqual([alert, true]);
  });
});

it('no runbook is without a rule', () => {
  const linked = alertRules.map(({ annotations }) => basename(annotations['runbook_url'] ?? ''));
  for (const page of readdirSync(folders.runbooks))
    if (page !== 'README.md') expect(linked).toContain(page);
  // Pages name each other by file.
  for (const page of readdirSync(folders.runbooks))
    for (const [, other = ''] of readFileSync(join(folders.runbooks, page), 'utf8').matchAll(
      /`([a-z-]+\.md)`/g,
    ))
      expect([page, other, existsSync(join(folders.runbooks, other))]).toEqual([page, other, true]);
});
