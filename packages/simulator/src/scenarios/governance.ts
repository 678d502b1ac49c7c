import type { CameraGovernance, Hop, PlanGovernance } from '@hitonami/model';

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
      id: 'city-planning',
      name: both('駅周辺のまちづくり', 'Planning of the streets around the station'),
      description: both(
        '時間帯ごとの人数を市と共有し、駅前広場や歩道の計画に使います。',
        'Counts by time of day, shared with the city to plan the square and the pavements in front of the station.',
      ),
      benefit: both('駅の周りが歩きやすくなります。', 'Streets that are easier to walk.'),
      items: ['measures'],
      recipients: ['city'],
      retention: { measuresDays: 7, rollupDays: 1_826 },
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
  purposes: ['crowd-safety', 'station-planning', 'city-planning'],
  alsoRecordedBy: [],
};
