import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

const deploy = join(import.meta.dirname, '../../deploy');
export const folders = {
  deploy,
  rules: join(deploy, 'prometheus/rules'),
  runbooks: join(deploy, 'runbooks'),
  dashboards: join(deploy, 'grafana/dashboards'),
  ruleTests: join(import.meta.dirname, 'rules'),
};

export interface AlertRule {
  alert: string;
  expr: string;
  for?: string;
  keep_firing_for?: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
}
export interface Recording {
  record: string;
  expr: string;
}

export interface RuleTest {
  name: string;
  input_series: { series: string; values: string }[];
  promql_expr_test?: { expr: string; exp_samples?: { labels: string }[] }[];
  alert_rule_test?: { alertname: string; exp_alerts?: unknown[] }[];
}

const files = (folder: string, end: string): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith(end))
    .map((name) => join(folder, name));

export const ruleFiles = files(folders.rules, '.yml');
export const ruleTestFiles = files(folders.ruleTests, '.yml');

const rules = ruleFiles.flatMap((file) => {
  const { groups } = parse(readFileSync(file, 'utf8')) as {
    groups: { rules: (AlertRule | Recording)[] }[];
  };
  return groups.flatMap((group) => group.rules);
});
export const alertRules = rules.filter((rule): rule is AlertRule => 'alert' in rule);
export const recordings = rules.filter((rule): rule is Recording => 'record' in rule);

export const ruleTests = ruleTestFiles.flatMap(
  (file) => (parse(readFileSync(file, 'utf8')) as { tests: RuleTest[] }).tests,
);
