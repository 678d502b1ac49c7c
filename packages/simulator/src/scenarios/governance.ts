import type { CameraGovernance, Hop, PlanDataset, PlanGovernance } from '@hitonami/model';

type Text = PlanGovernance['purposes'][number]['name'];
const both = (ja: string, en: string): Text => ({ ja, en });

const RAILWAY = both('潮風鉄道（架空）', 'Shiokaze Railway (fictitious)');

const hop = (access: Text): PlanGovernance['hops'][Hop] => ({ body: RAILWAY, access });

/** Why the fictitious station measures, as a real one would have to say. */
export const GOVERNANCE: PlanGovernance = {
  noticeDays: 30,
  recipients: [
    { id: 'railway', name: RAILWAY, role: 'operator' },
    {
      id: 'city',
      name: both('潮風市 都市計画課（架空）', 'City of Shiokaze, planning (fictitious)'),
      role: 'third-party',
      contract: 'DEMO-2026-01',
    },
    { id: 'public', name: both('どなたでも', 'Everybody'), role: 'public' },
    { id: 'buyers', name: both('契約した利用者', 'Whoever has a contract'), role: 'buyers' },
  ],
  purposes: [
    {
      id: 'crowd-safety',
      name: both('混雑時の安全', 'Safety in crowds'),
      description: both(
        '混雑の度合いをその場で測り、危険になる前に駅係員が改札の制限や案内を行います。',
        'How crowded the station is, measured as it happens, so that the staff can limit gates and guide people before it becomes dangerous.',
      ),
      benefit: both(
        '転倒や将棋倒しの危険が減り、混雑した場所を避けて歩けます。',
        'Less danger of falls and crushes, and a way around what is crowded.',
      ),
      items: ['live', 'measures'],
      recipients: ['railway'],
      retention: { measuresDays: 7, rollupDays: 1_826 },
      noticePublishedOn: '2026-01-05',
    },
    {
      id: 'station-planning',
      name: both('駅の通路と階段の計画', 'Planning of passages and stairs'),
      description: both(
        'どこからどこへ移動する人が多いかを調べ、通路・階段・案内表示の改良に使います。',
        'From where to where many people move, to improve passages, stairs and signs.',
      ),
      benefit: both('駅が歩きやすくなります。', 'A station that is easier to walk through.'),
      items: ['flow-legs'],
      recipients: ['railway'],
      retention: { flowLegsDays: 3 },
      noticePublishedOn: '2026-01-05',
    },
    {
      id: 'open-statistics',
      name: both('統計の公開と提供', 'Statistics for everybody'),
      description: both(
        '10人に満たない集計値を除いた人数の統計を、オープンデータとして公開し、契約した利用者に提供します。市は、駅前広場や歩道の計画に使います。',
        'Counts, without any of fewer than ten people, published as open data and given to those who have a contract. The city plans the square and the pavements in front of the station with them.',
      ),
      benefit: both(
        '混雑を避けて移動でき、駅の周りが歩きやすくなり、誰でもまちの計画を確かめられます。',
        'A way around what is crowded, streets that are easier to walk, and plans of the city that anybody can check.',
      ),
      items: ['live', 'measures', 'flow-legs'],
      recipients: ['public', 'buyers', 'city'],
      retention: { measuresDays: 7, rollupDays: 1_826, flowLegsDays: 3 },
      noticePublishedOn: '2026-01-05',
    },
  ],
  hops: {
    camera: hop(
      both(
        '映像は保存せず、駅構内の専用網だけに流します。',
        'Keeps no picture, and sends to the station’s own network alone.',
      ),
    ),
    ingestor: hop(
      both(
        '映像から位置を求め、映像を直ちに消します。ログインできるのは保守担当だけです。',
        'Turns pictures into positions and destroys them at once; only maintenance may sign in.',
      ),
    ),
    log: hop(
      both(
        '位置を短時間だけ置きます。サービスだけが読めます。',
        'Holds positions for a short time; only the services may read it.',
      ),
    ),
    aggregator: hop(
      both('位置から人数と密度を計算します。', 'Computes counts and densities from positions.'),
    ),
    warehouse: hop(
      both(
        '人数と移動を保存します。閲覧は目的ごとに許可し、記録します。',
        'Keeps counts and movements; reads are allowed by purpose and recorded.',
      ),
    ),
    console: hop(
      both('駅係員が個別のアカウントで利用します。', 'Used by the staff with an account each.'),
    ),
    openData: hop(both('統計だけを公開します。', 'Publishes statistics alone.')),
  },
  stages: [{ id: 'trial', name: both('実証実験', 'Trial'), startsOn: '2026-02-05' }],
  legTimeStepS: 60,
  smallestGroup: 10,
  riskLimits: {
    rebuiltShareMax: 0.95,
    rejoinedShareMax: 0.95,
    legUnicityMax: 0.5,
    gateLogMax: 0.05,
  },
  tracksPerPerson: 2,
  epsilonPerDay: 1.68,
};

/** What was settled before a camera of the fictitious station was started. */
export const CAMERA_GOVERNANCE: CameraGovernance = {
  need: both(
    '床のどこに人が集まっているかを知る必要があり、人数だけでは足りません。',
    'Where on the floor people gather has to be known; how many pass is not enough.',
  ),
  counterInstead: both(
    '通過人数計では、ホームや階段の途中の密度が分かりません。',
    'A counter at a door does not tell the density on a platform or in the middle of stairs.',
  ),
  ground: 'own',
  permits: [],
  stage: 'trial',
  staffBriefedOn: '2026-02-01',
  purposes: ['crowd-safety', 'station-planning', 'open-statistics'],
  alsoRecordedBy: [],
};

const AREAS_BY_QUARTER: PlanDataset = {
  id: 'crowding-15-min',
  title: both('場所ごとの混雑（15分）', 'Crowding by place, 15 minutes'),
  description: both(
    '駅の各場所にいた人数の平均と最大、密度、混雑の段階です。10人に満たない値は含みません。',
    'How many people were in each place of the station on average and at most, density and level of service, without values of fewer than ten people.',
  ),
  keywords: [both('混雑', 'crowding'), both('人流', 'people flow'), both('駅', 'station')],
  subject: 'areas',
  stepS: 900,
  period: 'day',
  startsOn: '2026-02-05',
  purpose: 'open-statistics',
  audience: 'open',
  licence: 'CC-BY-4.0',
  legalClass: 'statistical-information',
  roundedTo: 1,
};

/** What the fictitious station publishes and sells. */
export const DATASETS: PlanDataset[] = [
  AREAS_BY_QUARTER,
  {
    ...AREAS_BY_QUARTER,
    id: 'crowding-monthly',
    title: both('場所ごとの混雑（月・1時間）', 'Crowding by place, months by the hour'),
    stepS: 3_600,
    period: 'month',
  },
  {
    ...AREAS_BY_QUARTER,
    id: 'passages',
    title: both('通過人数（1時間）', 'Passages of count lines by the hour'),
    description: both(
      '計数線を通った人数です。10人に満たない値は含みません。',
      'How many people passed the count lines, without values of fewer than ten people.',
    ),
    keywords: [both('通過人数', 'passages'), both('人流', 'people flow')],
    subject: 'lines',
    stepS: 3_600,
  },
  {
    ...AREAS_BY_QUARTER,
    id: 'movements',
    title: both('場所から場所への移動（1時間）', 'Movements from place to place by the hour'),
    description: both(
      'ある場所から次の場所へ移動した人数です。10人に満たない値は含みません。',
      'How many people went from one place to the next, without values of fewer than ten people.',
    ),
    keywords: [both('移動', 'movement'), both('人流', 'people flow')],
    subject: 'movements',
    stepS: 3_600,
  },
  {
    ...AREAS_BY_QUARTER,
    id: 'sequences',
    title: both('3か所までの経路（15分）', 'Ways over up to three places, 15 minutes'),
    description: both(
      '続けて通った3か所までの組ごとの人数です。10人に満たない値、個人や仮名は含みません。',
      'How many people passed up to three places one after the other; no value of fewer than ten people, and nobody’s pseudonym.',
    ),
    keywords: [both('経路', 'ways'), both('人流', 'people flow')],
    subject: 'sequences',
    audience: 'buyers',
    licence: 'contract',
    price: both('1か月 50,000円（架空）', '50,000 yen a month (fictitious)'),
  },
];
