import type { SiteAlert } from '@hitonami/crowd';
import type { AlertRule } from '@hitonami/model';
import type { SitePlan } from '@hitonami/model';

interface Text {
  ja: string;
  en: string;
}

/** What the webhook is told of a change of an alert. Instants are ISO 8601 in UTC. */
export interface AlertMessage {
  id: string;
  revision: number;
  site: string;
  siteName: Text;
  rule: AlertRule;
  severity: SiteAlert['severity'];
  state: SiteAlert['state'];
  subject: string;
  subjectKind: 'area' | 'line' | 'camera';
  name: Text;
  floor: string | null;
  since: string;
  at: string;
  value: number;
  threshold: number;
  unit: string;
  /** The detector is saturated: the value is a lower bound. */
  atLeast: boolean;
  /** Until the next band, null where it is not in sight. */
  minutesToNext: number | null;
  /** One line for a small screen. */
  summary: Text;
  actionCard: { id: string; title: Text; steps: Text[] } | null;
  /** The alert in the console, null where its address is not configured. */
  link: string | null;
}

interface RuleText extends Text {
  unit: string;
  kind: AlertMessage['subjectKind'];
  digits: number;
}

const RULES: Readonly<Record<AlertRule, RuleText>> = {
  density: rule('area', '局所密度', 'Local density', 'persons/m²', 1),
  'density-rising': rule(
    'area',
    '密度の急上昇',
    'Density rising fast',
    'persons/m² in a minute',
    1,
  ),
  flow: rule('line', '流量が容量超過', 'Flow above capacity', 'persons/m/min', 0),
  'counter-flow': rule('line', '逆流', 'Counter-flow', 'share', 2),
  queue: rule('area', '待ち行列', 'Queue', 'persons', 0),
  unseen: rule('area', 'エリアが見えない', 'Area not seen', 'share seen', 2),
  'camera-silent': rule('camera', 'カメラ無応答', 'Camera silent', 's', 0),
  'camera-blind': rule('camera', 'カメラが見えない', 'Camera sees nothing', '', 0),
  'camera-moved': rule('camera', 'カメラの向きが変わった可能性', 'Camera probably moved', '', 0),
};
const SEVERITIES: Readonly<Record<SiteAlert['severity'], Text>> = {
  warning: { ja: '注意', en: 'Warning' },
  critical: { ja: '警戒', en: 'Critical' },
  emergency: { ja: '緊急', en: 'Emergency' },
};
const STATES: Readonly<Record<SiteAlert['state'], Text>> = {
  firing: { ja: '発生中', en: 'firing' },
  'cannot-see': { ja: '確認できない', en: 'cannot see whether it is over' },
  resolved: { ja: '解消', en: 'resolved' },
};

/** @param plan a version of the site's plan; undefined where none is known: then ids stand for names */
export function alertMessage(
  alert: SiteAlert,
  plan: SitePlan | undefined,
  consoleUrl: string | undefined,
): AlertMessage {
  const { id, revision, site, rule: name, severity, state, subject, value, threshold } = alert;
  const { kind, unit } = RULES[name];
  const place = placeOf(plan, kind, subject);
  return {
    ...{ id, revision, site, rule: name, severity, state, subject },
    siteName: plan?.name ?? { ja: site, en: site },
    ...{ subjectKind: kind, name: place.name, floor: place.floor ?? null },
    since: instant(alert.sinceUs),
    at: instant(alert.atUs),
    ...{ value, threshold, unit, atLeast: alert.atLeast },
    // On the log it has fewer digits.
    minutesToNext: alert.minutesToNext > 0 ? Math.round(10 * alert.minutesToNext) / 10 : null,
    summary: summary(alert, place.name),
    actionCard: plan?.actionCards.find((card) => card.id === place.actionCard) ?? null,
    link: consoleUrl === undefined ? null : linkTo(consoleUrl, site, id),
  };
}

function summary(alert: SiteAlert, name: Text): Text {
  const { digits, unit, ...text } = RULES[alert.rule];
  const shown = unit === '' ? '' : alert.value.toFixed(digits);
  const least = alert.atLeast && shown !== '';
  const next = alert.minutesToNext > 0 ? alert.minutesToNext.toFixed(0) : undefined;
  return {
    ja:
      `【${SEVERITIES[alert.severity].ja}・${STATES[alert.state].ja}】${name.ja} ${text.ja}` +
      `${shown && ` ${shown} ${unit}`}${least ? ' 以上' : ''}` +
      (next === undefined ? '' : `、次の段階まで約${next}分`),
    en:
      `${SEVERITIES[alert.severity].en}, ${STATES[alert.state].en}: ${name.en}, ${text.en}` +
      `${least ? ' at least' : ''}${shown && ` ${shown} ${unit}`}` +
      (next === undefined ? '' : `; next band in about ${next} min`),
  };
}

function placeOf(
  plan: SitePlan | undefined,
  kind: AlertMessage['subjectKind'],
  subject: string,
): { name: Text; floor?: string; actionCard?: string | undefined } {
  const byId = { name: { ja: subject, en: subject } };
  const of = <T extends { id: string }>(list: readonly T[] | undefined): T | undefined =>
    list?.find((item) => item.id === subject);
  if (kind === 'area') return of(plan?.areas) ?? byId;
  if (kind === 'line') return of(plan?.lines) ?? byId;
  const floor = of(plan?.cameras)?.floor;
  return { ...byId, ...(floor !== undefined && { floor }) };
}

function linkTo(consoleUrl: string, site: string, id: string): string {
  const url = new URL(consoleUrl);
  const [siteId, alertId] = [site, id].map(encodeURIComponent);
  url.pathname = `${url.pathname.replace(/\/$/, '')}/sites/${siteId}/alerts/${alertId}`;
  return url.href;
}

function instant(us: number): string {
  return new Date(us / 1000).toISOString();
}

function rule(
  kind: AlertMessage['subjectKind'],
  ja: string,
  en: string,
  unit: string,
  digits: number,
): RuleText {
  return { kind, ja, en, unit, digits };
}
