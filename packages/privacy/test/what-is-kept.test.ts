import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

// What travels and is kept, by name: a field that is new here has to be argued for in this list. And what is said about it.

const ROOT = join(import.meta.dirname, '../../..');
const PROTO = join(ROOT, 'proto/hitonami/v1');

/** Everything that a record of a topic may hold. Nothing of a picture, of a body or of what somebody looks like. */
const MESSAGES: Record<string, string> = {
  Observation: 'positions counts tick',
  PositionFrame:
    'version site camera session sequence captured_us received_us plan_version period_us state saturation_permille renewed ' +
    'floors track x_mm y_mm vx_mm_s vy_mm_s floor confidence kind',
  CountFrame: 'site counter session sequence from_us to_us forward backward',
  Tick: 'site now_us',
  LiveSnapshot: 'site captured_us areas cameras floors x_mm y_mm vx_mm_s vy_mm_s floor kind lines',
  LiveArea: 'area people coverage doubtful peak_density saturation',
  LiveLine: 'line forward backward seen',
  LiveCamera: 'camera captured_us blind moved_since_us',
  Alert:
    'id site rule subject severity state since_us at_us revision value threshold at_least minutes_to_next plan_version announce',
  PlanVersion: 'site version in_force_from_us plan_json',
};

/** Of a person, none of these is ever kept, whatever the table. */
const OF_A_BODY =
  /\b\w*(bounding|bbox|face|facial|gait|appearance|embedding|descriptor|feature|gender|ethnic|stature|cloth|biometr|pixel|thumbnail)\w*/gi;

function messagesOf(text: string): Map<string, { fields: string[]; types: string[] }> {
  const plain = text.replace(/\/\/.*$/gm, '');
  const found = new Map<string, { fields: string[]; types: string[] }>();
  for (const [, name = '', body = ''] of plain.matchAll(/^message (\w+) \{([\s\S]*?)^\}/gm)) {
    const fields = [...body.matchAll(/^\s*(?:repeated |optional )?([\w.]+) (\w+) = \d+/gm)];
    found.set(name, {
      fields: fields.map(([, , field = '']) => field),
      types: fields.map(([, type = '']) => type),
    });
  }
  return found;
}

const protoFiles = readdirSync(PROTO).filter((name) => name.endsWith('.proto'));
const messages = new Map(
  protoFiles.flatMap((name) => [...messagesOf(readFileSync(join(PROTO, name), 'utf8'))]),
);

describe('what travels on the log', () => {
  it('has these fields and no others', () => {
    for (const [name, fields] of Object.entries(MESSAGES)) {
      expect(messages.get(name)?.fields, name).toEqual(
        expect.arrayContaining(fields.split(' ')) as string[],
      );
      const others = messages
        .get(name)
        ?.fields.filter((field) => !fields.split(' ').includes(field));
      expect(others, `new in ${name}: argue for it here`).toEqual([]);
    }
  });

  it('is made of nothing else, such as the frames that come in at the door', () => {
    const messageTypes = (name: string): string[] =>
      (messages.get(name)?.types ?? []).filter((type) => messages.has(type));
    for (const name of Object.keys(MESSAGES))
      expect(Object.keys(MESSAGES), name).toEqual(
        expect.arrayContaining(messageTypes(name)) as string[],
      );
  });
});

/** Files of the product that people read, or that become what they read. */
function* texts(folder = ROOT): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!/^(node_modules|dist|dist-web|test|coverage|\..*)$/.test(entry.name)) yield* texts(path);
    } else if (/\.(md|ts|tsx|html|proto)$/.test(entry.name)) yield path;
  }
}

/** That nobody can be followed, told from others, or linked: the audit shows that it is not so. */
const CLAIMS: readonly RegExp[] = [
  /\b(can ?not|can['’]t|could not|impossible to|never|no way to)\s+(ever\s+)?(be\s+)?(re-?)?(linked|traced|tracked|followed|identified|identify|link|trace|single[d]? out|recognis\w*|recogniz\w*)\b/gi,
  /\b(nobody|no one|no person)\s+can\s+be\s+(re-?)?(linked|traced|tracked|followed|identified|singled out|told)\b/gi,
  /\b(fully|completely|truly|perfectly)\s+anonym/gi,
  /(追跡|特定|識別|再識別|連結|紐付け|紐づけ|ひも付け|たどる?|追う)(する|される|を)?(こと)?(は|が|も)?(一切|決して)?(でき(ない|ません)|不可能|ありません)/g,
  /完全(に|な)?匿名/g,
];
/** Where it is said that it may not be said. */
const DENIED =
  /\b(claim|may say|never say|say that|says that|not true)\b|とは(書|言|い)[えいき]|書けません|とは限/i;

function claimsIn(text: string): string[] {
  return text.split('\n').flatMap((line, i, lines) => {
    const around = `${lines[i - 1] ?? ''} ${line}`;
    if (DENIED.test(around)) return [];
    return CLAIMS.flatMap((claim) => line.match(claim) ?? []);
  });
}

describe('the texts of the product', () => {
  it('nowhere claim that paths cannot be linked, or people not be followed', () => {
    const found = [...texts()].flatMap((path) =>
      claimsIn(readFileSync(path, 'utf8')).map((claim) => `${relative(ROOT, path)}: ${claim}`),
    );
    expect(found).toEqual([]);
  });

  it('would be found out if they did', () => {
    expect(claimsIn('Positions cannot be linked to a path.')).toHaveLength(1);
    expect(claimsIn('The data is fully anonymous.')).toHaveLength(1);
    expect(claimsIn('個人を特定することはできません。')).toHaveLength(1);
    expect(claimsIn('保存した位置から人を追跡できません')).toHaveLength(1);
    expect(claimsIn('Nothing may claim that they cannot be linked.')).toEqual([]);
  });
});

describe('the records', () => {
  it('have no column for what somebody looks like', () => {
    const folder = join(ROOT, 'packages/records/src/migrations');
    const found = readdirSync(folder)
      .filter((name) => /^\d/.test(name))
      .flatMap((name) => readFileSync(join(folder, name), 'utf8').match(OF_A_BODY) ?? []);
    expect(found).toEqual([]);
  });
});
