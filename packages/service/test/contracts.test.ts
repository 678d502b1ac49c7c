import { join } from 'node:path';
import protobuf from 'protobufjs';
import { describe, expect, it } from 'vitest';
import ts from 'typescript';
import { ALERT_RULES, ALERT_SEVERITIES, ALERT_STATES } from '@hitonami/model';
import { contracts, fromWire, protoFolder, toWire } from '../src/index.js';

/** The contracts as a plain protobuf library reads them. */
const root = new protobuf.Root();
root.resolvePath = (_origin, target) => join(protoFolder(), target);
root.loadSync(
  ['frame', 'position', 'still', 'live', 'alert'].map((name) => `hitonami/v1/${name}.proto`),
);
const messageType = (name: string) => root.lookupType(`hitonami.v1.${name}`);

describe('the hand-written message types', () => {
  const file = join(import.meta.dirname, '../src/grpc/messages.ts');
  const program = ts.createProgram([file], {
    strict: true,
    target: ts.ScriptTarget.ES2023,
    types: ['node'],
  });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  const declared = new Map<string, ts.Type>();
  ts.forEachChild(source as ts.SourceFile, (node) => {
    if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) {
      declared.set(node.name.text, checker.getTypeAtLocation(node));
    }
  });

  function typeOf(field: protobuf.Field, message: string): string {
    const longs = ['uint64', 'int64', 'fixed64', 'sfixed64', 'sint64'];
    const { resolvedType } = field.resolve();
    if (resolvedType instanceof protobuf.Enum) {
      return message === 'PositionBatch' ? 'number' : resolvedType.name;
    }
    if (resolvedType instanceof protobuf.Type) return resolvedType.name;
    if (longs.includes(field.type)) return field.name === 'track' ? 'string' : 'number';
    return { bytes: 'Buffer', string: 'string', bool: 'boolean' }[field.type] ?? 'number';
  }

  it.each([
    'Frame',
    'Receipt',
    'Rejected',
    'PositionBatch',
    'CountBatch',
    'CountReceipt',
    'Still',
    'StillAnswer',
    'LiveSnapshot',
    'LiveArea',
    'LiveCamera',
    'LiveLine',
    'Alert',
    'PlanVersion',
  ])('%s has exactly the fields of the contract, with their types', (name) => {
    const type = declared.get(name);
    const properties = new Map(
      (type?.getProperties() ?? []).map((property) => [
        property.name,
        checker
          .typeToString(checker.getNonNullableType(checker.getTypeOfSymbol(property)))
          .replace(/^Buffer<.*>$/, 'Buffer')
          .split(' | ')
          .sort()
          .join(' | '),
      ]),
    );
    const expected = new Map<string, string>();
    const contract = messageType(name);
    for (const field of contract.fieldsArray) {
      expected.set(field.name, typeOf(field, name) + (field.repeated ? '[]' : ''));
    }
    for (const oneof of contract.oneofsArray) {
      const members = oneof.oneof.map((member) => `"${member}"`).sort();
      expected.set(oneof.name, members.join(' | '));
    }
    // Small messages that are written in place are spelled out.
    const spelled = new Map([
      ['Processed', '{ people: number; }'],
      ['Examined', '{ people: number; }'],
      ['Shed', '{ reason: ShedReason; }'],
      ['Stored', 'Record<string, never>'],
    ]);
    for (const [key, value] of expected) expected.set(key, spelled.get(value) ?? value);
    expect(Object.fromEntries(properties)).toEqual(Object.fromEntries(expected));
  });

  it.each(['ShedReason', 'RejectReason', 'AlertRule', 'AlertSeverity', 'AlertState'])(
    '%s has exactly the values of the contract',
    (name) => {
      const type = declared.get(name) as ts.UnionType;
      const values = type.types.map((member) => (member as ts.StringLiteralType).value);
      expect(values.sort()).toEqual(
        Object.keys(root.lookupEnum(`hitonami.v1.${name}`).values).sort(),
      );
    },
  );
});

describe('the words of an alert', () => {
  it('are those of the contract, each there and back, and none that it lacks', () => {
    const words = { rule: ALERT_RULES, severity: ALERT_SEVERITIES, state: ALERT_STATES } as const;
    const first = { rule: 'density', severity: 'warning', state: 'firing' } as const;
    for (const [key, list] of Object.entries(words)) {
      const name = `Alert${key[0]?.toUpperCase() ?? ''}${key.slice(1)}`;
      const there = list.map(
        (word) => toWire({ ...first, [key]: word })[key as keyof typeof words],
      );
      const { [`ALERT_${key.toUpperCase()}_UNSPECIFIED`]: none, ...values } = root.lookupEnum(
        `hitonami.v1.${name}`,
      ).values;
      expect([none, there.toSorted()]).toEqual([0, Object.keys(values).toSorted()]);
      for (const word of list) {
        const alert = { ...first, [key]: word };
        expect(fromWire(toWire(alert))).toEqual(alert);
      }
    }
    expect(fromWire({ ...toWire(first), rule: 'ALERT_RULE_UNSPECIFIED' })).toBeUndefined();
  });
});

describe('a message on the wire', () => {
  it('is standard protobuf: a plain client reads what is written here, and the other way round', () => {
    const { FrameIngest } = contracts().doors;
    const frame = {
      site: 's',
      camera: 'c',
      sequence: 2 ** 40,
      capturedUs: 1_700_000_000_123_456,
      periodUs: 200_000,
      image: Buffer.from([0xff, 0xd8, 1, 2, 3]),
      recorded: true,
    };
    const bytes = FrameIngest.Stream.requestSerialize(frame);
    const plain = messageType('Frame').toObject(messageType('Frame').decode(bytes), {
      longs: Number,
    });
    expect(plain).toEqual(frame);
    const back = Buffer.from(
      messageType('Frame').encode(messageType('Frame').fromObject(frame)).finish(),
    );
    expect(FrameIngest.Stream.requestDeserialize(back)).toEqual(frame);
  });

  it('gives the picture as a view of the message, so that overwriting it leaves no second copy', () => {
    const { requestSerialize, requestDeserialize } = contracts().doors.FrameIngest.Stream;
    const bytes = requestSerialize({
      site: 's',
      camera: 'c',
      sequence: 1,
      capturedUs: 1,
      periodUs: 1,
      image: Buffer.from('PIXELS'),
      recorded: false,
    });
    const { image } = requestDeserialize(bytes);
    expect(bytes.includes('PIXELS')).toBe(true);
    image.fill(0);
    expect(bytes.includes('PIXELS')).toBe(false);
  });

  it('has its defaults filled in, and names the member of a oneof that is set', () => {
    const { responseSerialize, responseDeserialize } = contracts().doors.FrameIngest.Stream;
    const receipt = { site: 's', camera: 'c', sequence: 0, processed: { people: 0 } };
    expect(responseDeserialize(responseSerialize(receipt))).toEqual({
      ...receipt,
      outcome: 'processed',
    });
    expect(
      responseDeserialize(
        responseSerialize({
          site: 's',
          camera: 'c',
          sequence: 3,
          rejected: { reason: 'REJECT_REASON_FUTURE', detail: 'set the clock' },
        }),
      ),
    ).toEqual({
      site: 's',
      camera: 'c',
      sequence: 3,
      outcome: 'rejected',
      rejected: { reason: 'REJECT_REASON_FUTURE', detail: 'set the clock' },
    });
  });

  it('keeps all 64 bits of a device track, and kinds as numbers, also those not known yet', () => {
    const { requestSerialize, requestDeserialize } = contracts().doors.PositionIngest.Stream;
    const batch = {
      site: 's',
      camera: 'c',
      sequence: 5,
      capturedUs: 1_700_000_000_123_456,
      periodUs: 100_000,
      blind: false,
      floor: '',
      xM: [1.5, -2.25],
      yM: [0, 3],
      vxMS: [],
      vyMS: [],
      confidence: [0.5, 1],
      kind: [1, 99],
      track: ['18446744073709551615', '9007199254740993'],
    };
    expect(requestDeserialize(requestSerialize(batch))).toEqual(batch);
    const empty = requestDeserialize(Buffer.alloc(0));
    expect(empty).toMatchObject({
      site: '',
      sequence: 0,
      xM: [],
      track: [],
      kind: [],
      blind: false,
    });
  });

  it('shows a 64-bit number that is too large for a number as one that is not a safe integer', () => {
    const encoded = messageType('Frame')
      .encode(
        messageType('Frame').fromObject({
          sequence: '9007199254740993',
          capturedUs: '-9223372036854775808',
        }),
      )
      .finish();
    const frame = contracts().doors.FrameIngest.Stream.requestDeserialize(Buffer.from(encoded));
    expect(Number.isSafeInteger(frame.sequence)).toBe(false);
    expect(Number.isSafeInteger(frame.capturedUs)).toBe(false);
  });
});

describe('the value of a log record', () => {
  it('is a live snapshot or a version of a plan, there and back', () => {
    const { liveSnapshot, planVersion } = contracts();
    const snapshot = {
      site: 's',
      capturedUs: 1_700_000_000_000_000,
      areas: [
        {
          ...{ area: 'hall', people: 3, coverage: 0.5, doubtful: 0.25 },
          ...{ peakDensity: 4.5, saturation: 0.75 },
        },
      ],
      cameras: [
        {
          camera: 'c',
          capturedUs: 1_700_000_000_000_000,
          blind: true,
          movedSinceUs: 1_600_000_000_000_000,
        },
      ],
      floors: ['ground'],
      xMm: [-1, 2],
      yMm: [3, -4],
      vxMmS: [0, 0],
      vyMmS: [1, 1],
      floor: Buffer.from([0, 0]),
      kind: Buffer.from([0, 1]),
      lines: [{ line: 'gate', forward: 12, backward: 0, seen: true }],
    };
    expect(liveSnapshot.decode(liveSnapshot.encode(snapshot))).toEqual(snapshot);
    const plan = {
      site: 's',
      version: 7,
      inForceFromUs: 1_700_000_000_000_000,
      planJson: '{"é":1}',
    };
    expect(planVersion.decode(new Uint8Array(planVersion.encode(plan)))).toEqual(plan);
  });

  it('is refused with a typed error where it is something else', () => {
    expect(() => contracts().liveSnapshot.decode(Buffer.from([0xff, 0xff, 0xff]))).toThrow(
      expect.objectContaining({
        code: 'INPUT',
        message: '3 bytes are not a LiveSnapshot.',
      }) as Error,
    );
  });
});
