/**
 * Notices are made from the plan, so that what the public is told is what the system does. Change the plan, and the
 * notice says something else; no one writes them by hand.
 */
import { parsePlan, type SitePlan } from '@hitonami/model';
import { scenario } from '@hitonami/simulator';
import { describe, expect, it } from 'vitest';
import {
  allNotices,
  auditFiguresOf,
  changesBetween,
  LANGUAGES,
  NOTICE_NAMES,
  noticeDocument,
  noticeHtml,
  RISK_REPORT_FORMAT,
  type NoticeInput,
  type NoticeName,
} from '../src/index.js';

const { plan } = scenario('rush-hour');
const URL_SHOWN = 'https://station.example.org/notices';

/** A plan that is otherwise in something; it must still be one. */
function planWith(change: (plan: Writable<SitePlan>) => void): SitePlan {
  // Not structuredClone: what is shared between cameras would stay shared.
  const changed = JSON.parse(JSON.stringify(plan)) as Writable<SitePlan>;
  change(changed);
  return parsePlan(JSON.stringify(changed));
}
function dropPurpose({ governance, cameras }: Writable<SitePlan>): void {
  const [gone] = governance.purposes.splice(1, 1);
  for (const camera of cameras)
    camera.governance!.purposes = camera.governance!.purposes.filter((id) => id !== gone?.id);
}
type Writable<T> = T extends object ? { -readonly [K in keyof T]: Writable<T[K]> } : T;

const plainText = (html: string): string =>
  html
    .replaceAll(/<style>.*?<\/style>/gs, '')
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll('&#39;', "'")
    .replaceAll(/\s+/g, ' ');

/** What the guidebook asks of a document, and where in it the answer is. */
const ASKED: Readonly<Record<NoticeName, readonly string[]>> = {
  'prior-notice': everyPublicItem(),
  page: everyPublicItem(),
  poster: everyPublicItem(),
  explanation: [...everyPublicItem(), 'need', 'hops', 'scope'],
  sticker: ['operator', 'pictures', 'purpose'],
  register: ['operator', 'hops', 'scope', 'recipients', 'others', 'cameras'],
  briefing: ['answers', 'rules', 'map', 'briefed'],
  assessment: [
    'purpose benefit operator start need map cameras generated path hops scope recipients others',
    'retention risks decision',
  ]
    .join(' ')
    .split(' '),
};

function everyPublicItem(): string[] {
  return 'purpose benefit operator start pictures map cameras generated path others retention recipients'.split(
    ' ',
  );
}

describe('what the guidebook asks is in each document that it belongs in', () => {
  it.each(NOTICE_NAMES)('%s', (name) => {
    for (const language of LANGUAGES) {
      const { sections } = noticeDocument(name, { plan }, language);
      expect(sections.map(({ id }) => id)).toEqual(expect.arrayContaining([...ASKED[name]]));
      for (const { title, blocks } of sections) {
        expect(title).not.toBe('');
        expect(blocks).not.toEqual([]);
      }
    }
  });

  const said: Readonly<Record<string, (plan: SitePlan, language: 'ja' | 'en') => string>> = {
    'the operating body': ({ governance }, language) => governance.recipients[0]!.name[language],
    'whom to ask': ({ operator }) => operator.contact,
    'what for': ({ governance }, language) => governance.purposes[0]!.description[language],
    'the benefit': ({ governance }, language) => governance.purposes[1]!.benefit[language],
    'a third party': ({ governance }, language) => governance.recipients[1]!.name[language],
    'the start': (_, language) => (language === 'ja' ? '2026年2月5日' : '5 February 2026'),
    'how long movements are kept': (_, language) => (language === 'ja' ? '3日' : '3 days'),
    'that the picture is destroyed': (_, language) =>
      language === 'ja' ? '直ちに消' : 'destroyed at once',
    'that nobody is recognised': (_, language) =>
      language === 'ja' ? '見分けること' : 'obody is recognised',
    'that a path can be singled out': (_, language) =>
      language === 'ja' ? '「誰かひとりの道筋」を区別できます' : 'show the path of some one person',
    'that this was not measured': (_, language) =>
      language === 'ja' ? 'まだ測っていません' : 'not been measured yet',
    'where more is told': () => URL_SHOWN,
    'the number of a camera on the map': () => '6',
  };
  for (const name of ['prior-notice', 'page', 'poster', 'explanation'] as const)
    it.each(LANGUAGES)(`${name} says all of it (%s)`, (language) => {
      const text = plainText(noticeHtml(name, { plan, url: URL_SHOWN }, language));
      for (const [what, words] of Object.entries(said))
        expect(text, what).toContain(words(plan, language));
    });

  it('the register names who answers for every hop, and the sticker is for a glance', () => {
    const changed = planWith(({ governance }) => {
      for (const [hop, { body }] of Object.entries(governance.hops)) body.en = `keeper of ${hop}`;
    });
    const register = plainText(noticeHtml('register', { plan: changed }, 'en'));
    for (const hop of Object.keys(changed.governance.hops))
      expect(register).toContain(`keeper of ${hop}`);
    const sticker = plainText(noticeHtml('sticker', { plan, url: URL_SHOWN }, 'ja'));
    expect(sticker).toContain('混雑を測っています');
    expect(sticker).toContain(URL_SHOWN);
    expect(sticker.length).toBeLessThan(400);
  });
});

describe('a notice follows its plan', () => {
  const everywhere = (input: NoticeInput, text: string): string[] =>
    allNotices(input)
      .filter(({ html }) => plainText(html).includes(text))
      .map(({ name }) => name);

  it('names another recipient as soon as the plan does', () => {
    const changed = planWith(({ governance }) => {
      const name = { ja: '海辺新聞', en: 'Seaside Times' };
      governance.recipients.push({ id: 'paper', name, role: 'third-party', contract: 'P-1' });
      governance.purposes[2]!.recipients.push('paper');
    });
    expect(everywhere({ plan }, 'Seaside Times')).toEqual([]);
    expect(new Set(everywhere({ plan: changed }, 'Seaside Times'))).toEqual(
      new Set([
        'prior-notice',
        'page',
        'poster',
        'explanation',
        'register',
        'briefing',
        'assessment',
      ]),
    );
  });

  it('tells who receives the data itself from who receives releases alone', () => {
    const [en, ja] = (['en', 'ja'] as const).map((language) =>
      plainText(noticeHtml('page', { plan }, language)),
    );
    const releases =
      'Statistics for everybody: only releases made from where people are right now (dots on a map), statistics (how many people, how crowded, which way they move) and movements (from where to where, at about what time), without anything of fewer than 10 people';
    expect(en).toContain(
      `City of Shiokaze, planning (fictitious) (third party, contract DEMO-2026-01) ${releases}`,
    );
    expect(en).toContain(`Everybody (everybody, as open data) ${releases}`);
    expect(en).toContain('Railway (fictitious) (operator) Safety in crowds: where people are');
    expect(ja?.match(/から作った公表用のデータだけ（10人に満たない値は含みません）/g)).toHaveLength(
      3,
    );
    const noisy = planWith(({ datasets }) => {
      const noise = {
        mechanism: 'laplace',
        epsilon: 0.5,
        delta: 1e-6,
        contributionsMax: 4,
      } as const;
      for (const dataset of datasets.filter(({ subject }) => subject !== 'areas')) {
        if (dataset.subject === 'sequences') dataset.subject = 'movements';
        dataset.noise = noise;
      }
    });
    expect(plainText(noticeHtml('page', { plan: noisy }, 'en'))).toContain(
      'without anything of fewer than 10 people, or with noise added',
    );
  });

  it('says who else records from a camera, what for and for how long', () => {
    const changed = planWith(({ cameras }) => {
      cameras[2]!.governance!.alsoRecordedBy.push({
        body: { ja: '潮風警備', en: 'Shiokaze Security' },
        purpose: { ja: '防犯', en: 'crime prevention' },
        keptDays: 14,
      });
    });
    const text = plainText(noticeHtml('page', { plan: changed }, 'en'));
    expect(text).toContain(
      'Camera 3 Shiokaze Security records (crime prevention; kept for 14 days)',
    );
    expect(text).toContain('Camera 1, 2, 4, 5, 6 nobody records from them');
  });

  it('tells positions from what is not kept, and how long the log has them', () => {
    const kept = planWith((changed) => {
      changed.retention.positionsHours = 6;
      changed.governance.purposes[1]!.items.push('positions');
      changed.governance.purposes[1]!.retention.positionsHours = 6;
    });
    expect(plainText(noticeHtml('page', { plan, logHours: 1.3 }, 'en'))).toContain(
      'at most 78 minutes Recorded positions none are recorded',
    );
    expect(plainText(noticeHtml('page', { plan: kept }, 'en'))).toContain(
      'Recorded positions 6 hours',
    );
  });

  it('says that a camera may not start where the plan has not settled it', () => {
    const changed = planWith(({ cameras }) => {
      delete cameras[1]!.governance;
    });
    expect(plainText(noticeHtml('page', { plan: changed }, 'en'))).toContain('it may not start');
  });

  it('never says that a path cannot be told from others', () => {
    for (const { name, language, html } of allNotices({ plan })) {
      if (name === 'briefing') continue;
      const text = plainText(html);
      expect(text, `${name} ${language}`).not.toMatch(
        /anonym|cannot be (linked|followed|traced)|匿名|たどれません|追跡できません|特定できません/i,
      );
    }
    // The staff are told not to say so.
    expect(plainText(noticeHtml('briefing', { plan }, 'en'))).toContain('Never say “it is fully');
  });
});

describe('what has changed', () => {
  it('is nothing between a plan and itself', () => {
    expect(changesBetween(plan, structuredClone(plan))).toEqual([]);
    expect(plainText(noticeHtml('page', { plan, before: plan }, 'en'))).toContain(
      'Nothing that this notice says has changed.',
    );
  });

  it('is said in the notice, with before, after and the day', () => {
    const before = planWith(({ governance, retention }) => {
      governance.purposes[1]!.items = ['positions'];
      governance.purposes[1]!.retention = { positionsHours: 2 };
      governance.purposes[2]!.recipients = ['public', 'buyers'];
      retention.rollupDays = 365;
    });
    const text = plainText(noticeHtml('page', { plan, before }, 'en'));
    expect(text).toContain(
      'Purpose “Statistics for everybody”: recipients Everybody and Whoever has a contract City of Shiokaze, planning (fictitious), Everybody and Whoever has a contract (from 4 February 2026)',
    );
    expect(text).toContain('How long summed statistics are kept 365 days 5 years');
    expect(plainText(noticeHtml('poster', { plan, before }, 'ja'))).toContain('変わること');
  });

  const changes: [string, (plan: Writable<SitePlan>) => void, string][] = [
    ['contact', (p) => (p.operator.contact = 'new@example.org'), 'Contact'],
    ['a purpose gone', (p) => dropPurpose(p), 'Purpose “Planning of passages'],
    ['a benefit', (p) => (p.governance.purposes[0]!.benefit.en = 'x'), 'benefit'],
    ['the step of times', (p) => (p.governance.legTimeStepS = 900), 'Step of the times'],
    ['the smallest group', (p) => (p.governance.smallestGroup = 5), 'Smallest group'],
    ['a camera more', (p) => p.cameras.push({ ...p.cameras[0]!, id: 'extra' }), 'Camera extra'],
    ['a range', (p) => (p.cameras[0]!.position = { x: 1, y: 1, heightM: 3 }), 'Place or range'],
    [
      'a start',
      (p) => (p.cameras[0]!.governance!.staffBriefedOn = '2026-03-01'),
      'Start of camera',
    ],
    ['who answers', (p) => (p.governance.hops.log.body.en = 'x'), 'Who answers for: relay'],
  ];
  it.each(changes)('%s', (_, change, said) => {
    expect(
      changesBetween(plan, planWith(change))
        .map(({ what }) => what.en)
        .join('; '),
    ).toContain(said);
  });

  it('compares plans of one site alone', () => {
    const other = planWith((changed) => (changed.site = 'elsewhere'));
    expect(() => noticeHtml('page', { plan, before: other }, 'ja')).toThrow(/elsewhere/);
  });
});

describe('the audit’s figures', () => {
  const report = (findings: unknown[], rest: object = {}): string =>
    JSON.stringify({
      format: RISK_REPORT_FORMAT,
      site: plan.site,
      madeAt: '2026-03-01T18:00:00Z',
      findings,
      ...rest,
    });

  it('stand in the notice once they are measured', () => {
    const audit = auditFiguresOf(
      report([
        { id: 'rebuilt', value: 0.93, isEstimated: true },
        { id: 'legUnicity', value: null, isEstimated: false },
      ]),
      plan,
    );
    expect(audit.measuredOn).toBe('2026-03-02');
    const page = plainText(noticeHtml('page', { plan, audit }, 'en'));
    expect(page).toContain('the paths of an estimated 93% of people were put together again');
    expect(page).toContain('Measured on 2 March 2026.');
    expect(page).toContain('nothing is stored that could be tried on');
    const assessment = plainText(noticeHtml('assessment', { plan, audit }, 'ja'));
    expect(assessment).toContain('推定約93%（計画の上限 95%）：上限以内');
  });

  it.each([
    ['no JSON', '{', /not JSON/],
    ['another format', report([], { format: 'x' }), /format/],
    ['another site', report([], { site: 'other' }), /'other'/],
    ['a share of 7', report([{ id: 'rebuilt', value: 7 }]), /no share/],
    ['no time', report([], { madeAt: 'yesterday' }), /when/],
    ['an array in an array', '[[]]', /format/],
  ])('refuse %s', (_, json, why) => {
    expect(() => auditFiguresOf(json, plan)).toThrow(why);
  });
});

describe('a page is safe', () => {
  it('escapes every name of a hostile plan', () => {
    const bad = '<script>alert(1)</script>"><img src=x onerror=y>\u202e&';
    const hostile = planWith((changed) => {
      const spoil = (value: unknown): void => {
        if (typeof value !== 'object' || value === null) return;
        const text = value as Record<string, unknown>;
        if (typeof text['ja'] === 'string' && typeof text['en'] === 'string')
          Object.assign(text, { ja: bad, en: bad });
        else for (const child of Object.values(value)) spoil(child);
      };
      spoil(changed);
      changed.operator.contact = `${bad}@example.org`;
      changed.governance.recipients[1]!.contract = bad;
    });
    for (const { html } of allNotices({
      plan: hostile,
      before: plan,
      url: 'https://x.org/?a="><b>',
    })) {
      expect(html).not.toMatch(/<script|<img|\u202e/i);
      expect(html).toContain('&lt;script&gt;');
    }
  });

  it('loads nothing and runs nothing, and names no host but that of its own address', () => {
    for (const { html } of allNotices({ plan, url: URL_SHOWN })) {
      expect(html).not.toMatch(
        /\b(src|href|action|xlink:href)=|@import|url\(|<(script|link|iframe|object|img)/i,
      );
      expect(
        [...html.matchAll(/https?:\/\/[^\s<"&]+/g)].every(([found]) => found === URL_SHOWN),
      ).toBe(true);
      expect(html).not.toMatch(/ style="/);
    }
  });

  it.each([
    'javascript:alert(1)',
    'nonsense',
    'https://me:secret@x.org',
    `https://x.org/${'a'.repeat(300)}`,
  ])('refuses the address %s', (url) => {
    expect(() => noticeHtml('sticker', { plan, url }, 'ja')).toThrow(/address/);
  });

  it('leaves the QR code out where there is no address', () => {
    expect(noticeHtml('sticker', { plan }, 'ja')).not.toContain('class="qr"');
    expect(noticeHtml('sticker', { plan, url: URL_SHOWN }, 'ja')).toContain('class="qr"');
  });
});
