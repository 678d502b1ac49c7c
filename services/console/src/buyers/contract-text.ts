import type { BothLanguages, PlanDataset, SitePlan } from '@hitonami/model';
import { DELETION_DAYS } from '@hitonami/records';
import type { ContractTexts, NewContract } from '../contract/index.js';

/** What a contract is about. */
export interface ContractInput {
  readonly plan: SitePlan;
  readonly buyer: { readonly organisation: string; readonly intent: string };
  readonly terms: NewContract;
}

interface Clause {
  readonly title: BothLanguages;
  readonly text: BothLanguages;
}

const LEGAL_CLASSES: Readonly<Record<PlanDataset['legalClass'], BothLanguages>> = {
  'statistical-information': {
    ja: '統計情報（個人に関する情報に当たらず、個人情報保護法上の公表義務はない）',
    en: 'statistical information (it is not about individuals; the Act on the Protection of Personal Information asks for no publication)',
  },
  'anonymously-processed-information': {
    ja: '匿名加工情報（個人情報保護法第43条・第44条にもとづき、甲は含まれる項目と提供の方法を公表し、乙に匿名加工情報であることを明示する）',
    en: 'anonymously processed information (under articles 43 and 44 of the Act on the Protection of Personal Information the provider publishes its items and the way it is provided, and hereby says to the recipient that it is such)',
  },
};

/**
 * The text of a contract in both languages. What every contract binds to (nobody is re-identified, nothing is combined with
 * what is listed or passed on, everything is deleted at the end and that is confirmed) and the legal class of each dataset
 * are always in it; `terms` must have been checked against the plan.
 */
export function contractTexts(input: ContractInput): ContractTexts {
  const clauses = [
    subject(input),
    purpose(input),
    ...bindings(input),
    access(input),
    quality(input),
    term(input),
    recordsKept(),
    ...special(input),
  ];
  const { plan, buyer } = input;
  const ja = [
    'データ提供契約',
    '',
    `${plan.operator.name.ja}（以下「甲」）は、${buyer.organisation}（以下「乙」）に、${plan.name.ja}のデータを次の条件で提供する。`,
    ...clauses.flatMap(({ title, text }, i) => ['', `第${i + 1}条（${title.ja}）`, text.ja]),
  ];
  const en = [
    'Contract for the provision of data',
    '',
    `${plan.operator.name.en} (“the provider”) provides ${buyer.organisation} (“the recipient”) with data of ${plan.name.en} on these terms.`,
    ...clauses.flatMap(({ title, text }, i) => ['', `${i + 1}. ${title.en}`, text.en]),
  ];
  return { ja: `${ja.join('\n')}\n`, en: `${en.join('\n')}\n` };
}

function subject({ plan, terms }: ContractInput): Clause {
  const datasets = plan.datasets.filter(({ id }) => terms.datasets.includes(id));
  const told = (language: 'ja' | 'en') =>
    datasets
      .map(({ id, title, description, legalClass, price }) => {
        const lines =
          language === 'ja'
            ? [
                `・${title.ja}（${id}）：${description.ja}`,
                `　法律上の区分：${LEGAL_CLASSES[legalClass].ja}`,
                ...(price === undefined ? [] : [`　料金：${price.ja}`]),
              ]
            : [
                `- ${title.en} (${id}): ${description.en}`,
                `  Legal class: ${LEGAL_CLASSES[legalClass].en}`,
                ...(price === undefined ? [] : [`  Price: ${price.en}`]),
              ];
        return lines.join('\n');
      })
      .join('\n');
  return {
    title: { ja: '提供するデータ', en: 'The data' },
    text: {
      ja: `甲は次のデータを提供する。\n${told('ja')}`,
      en: `The provider provides these datasets.\n${told('en')}`,
    },
  };
}

function purpose({ plan, buyer, terms }: ContractInput): Clause {
  const names = plan.governance.purposes.filter(({ id }) => terms.purposes.includes(id));
  const list = (language: 'ja' | 'en', separator: string) =>
    names.map(({ id, name }) => `${name[language]} (${id})`).join(separator);
  return {
    title: { ja: '利用目的', en: 'Purposes' },
    text: {
      ja: `乙はデータを次の目的だけに利用する：${list('ja', '、')}。乙が申し出た利用は次のとおりである。\n${buyer.intent}`,
      en: `The recipient uses the data for these purposes alone: ${list('en', ', ')}. The use that the recipient applied for, in their words:\n${buyer.intent}`,
    },
  };
}

/** What every contract binds to. */
function bindings({ terms: { notCombinedWith } }: ContractInput): Clause[] {
  return [
    {
      title: { ja: '再識別の禁止', en: 'No re-identification' },
      text: {
        ja: '乙は、データから個人を識別し、または一人の人の動きを組み立て直すことを試みない。個人が識別できると気づいたときは、利用を止めて直ちに甲に知らせる。',
        en: 'The recipient does not try to find out who anybody in the data is, nor to rebuild the way of a single person. Where the recipient notices that this is possible, the recipient stops using the data and tells the provider at once.',
      },
    },
    {
      title: { ja: '照合の禁止', en: 'No combination' },
      text: {
        ja: `乙は、データを次の情報と照合しない：${notCombinedWith.ja}`,
        en: `The recipient does not combine the data with: ${notCombinedWith.en}`,
      },
    },
    {
      title: { ja: '第三者への提供の禁止', en: 'No passing on' },
      text: {
        ja: '乙は、データとその写しを第三者に提供せず、公開しない。データの値を取り出せない形の分析結果は、出典を示して公表できる。',
        en: 'The recipient neither passes on nor publishes the data or any copy of it. Results from which no value of the data can be recovered may be published, naming the source.',
      },
    },
    {
      title: { ja: '終了時の消去と報告', en: 'Deletion and its confirmation' },
      text: {
        ja: `契約が終了したとき、乙は${DELETION_DAYS}日以内にデータとその写しをすべて消去し、契約のページで消去の完了を報告する。データの一部が公開を終えたとき、または新しい版の契約に含まれなくなったときは、その部分について同じとする。`,
        en: `When the contract ends, the recipient deletes the data and every copy of it within ${DELETION_DAYS} days, and confirms the deletion at the contract page. Where a dataset is withdrawn, or a newer version of the contract does not have it, the same holds for that dataset.`,
      },
    },
  ];
}

function access({ terms }: ContractInput): Clause {
  const [downloads, bytes] = [terms.downloadsPerMonth, terms.bytesPerMonth].map((count) =>
    new Intl.NumberFormat('en-GB').format(count),
  );
  return {
    title: { ja: '提供の方法', en: 'How it is provided' },
    text: {
      ja: `乙は契約のページで、データと目的を指定して発行したキーでデータをダウンロードし、そのキーの目的だけに利用する。キーは乙の責任で秘密に保つ。1か月の上限は${downloads}件（同じファイルは1日に1件と数える）、${bytes}バイトとする。`,
      en: `The recipient downloads the data with keys made at the contract page, each for named datasets and one purpose, uses what was downloaded with a key for its purpose alone, and keeps the keys secret. In a month the recipient may have at most ${downloads} downloads (the same file counts once a day) and ${bytes} bytes.`,
    },
  };
}

function quality({ plan, terms }: ContractInput): Clause {
  const { smallestGroup } = plan.governance;
  const given = plan.datasets.filter(({ id }) => terms.datasets.includes(id));
  const exact = given.filter(({ noise }) => noise === undefined).map(({ id }) => id);
  const noisy = given.filter(({ noise }) => noise !== undefined).map(({ id }) => id);
  const ja = [
    exact.length > 0 &&
      `${exact.join('、')}は${smallestGroup}人に満たない値を含まず、値がないときはその理由を示す。`,
    noisy.length > 0 &&
      `${noisy.join('、')}の人数には、個人を守るための誤差が加えてあり、その大きさはデータに示す。`,
    '計測できた割合（カバレッジ）と確からしさの列がつねに付く。設備の停止などで提供できない期間は、欠測として示す。公開されたデータは変更せず、訂正は新しい版として提供する。',
  ];
  const en = [
    exact.length > 0 &&
      `In ${exact.join(', ')} there is no value of fewer than ${smallestGroup} people; where there is no value, the reason is said. `,
    noisy.length > 0 &&
      `The counts of ${noisy.join(', ')} have noise added, which protects single persons; how large it is, is said with the data. `,
    'Every row says how much was seen (coverage) and how far to believe it. Times that cannot be supplied, such as outages, are shown as missing. What was released never changes; a correction is a new version.',
  ];
  return {
    title: { ja: 'データの性質', en: 'What the data is' },
    text: { ja: ja.filter(Boolean).join(''), en: en.filter(Boolean).join('') },
  };
}

function term({ terms: { validUntil } }: ContractInput): Clause {
  return {
    title: { ja: '期間と終了', en: 'Term and end' },
    text: {
      ja: `この契約は、乙が契約のページで同意した時から${validUntil}まで有効とする。乙がこの契約に反したとき、またはデータの提供を続けられない理由があるとき、甲は直ちに終了できる。終了した時から、キーではデータを取得できない。新しい版の契約に乙が同意したときは、その版が前の版に代わる。`,
      en: `The contract is in force from when the recipient accepts it at the contract page until ${validUntil} inclusive. The provider may end it at once where the recipient breaks it, or where the data can no longer be provided. From its end on the keys open nothing. A newer version takes the place of this one when the recipient accepts it.`,
    },
  };
}

function recordsKept(): Clause {
  return {
    title: { ja: '記録', en: 'What is kept' },
    text: {
      ja: '甲は、契約の本文とそのSHA-256、同意した者の名前と日時、ダウンロードしたファイル・日・バイト数・キーとその目的、提供の相手を記録し、請求と監査に用いる。',
      en: 'For invoices and audits the provider keeps the text of the contract and its SHA-256, who accepted it and when, which files were downloaded on which day with which key, for which purpose and with how many bytes, and to whom they were provided.',
    },
  };
}

function special({ terms }: ContractInput): Clause[] {
  const { ja, en } = terms.special;
  if (ja === '' && en === '') return [];
  // Where one language says nothing, it refers to the other, so that neither text lacks a term.
  return [
    {
      title: { ja: '特約', en: 'Special terms' },
      text: {
        ja: ja === '' ? `英文のとおりとする。\n${en}` : ja,
        en: en === '' ? `As in the Japanese text.\n${ja}` : en,
      },
    },
  ];
}
