import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  address,
  boolean,
  byteSize,
  checkEventLog,
  durationMs,
  environmentKey,
  eventLogShape,
  formatAddress,
  grpcSecurityShape,
  httpUrl,
  integer,
  list,
  operationsShape,
  optionalSecret,
  port,
  readConfig,
  secret,
} from '../src/index.js';

const schema = z
  .object({
    ...eventLogShape,
    ...operationsShape,
    ...grpcSecurityShape,
    model: z.string({ error: 'the path of a detector (.onnx)' }),
    warehousePassword: optionalSecret(),
    window: durationMs(1_000, 3_600_000).prefault('10s'),
  })
  .superRefine(checkEventLog);

const messageOf = (environment: Record<string, string>): string => {
  try {
    readConfig(schema, environment);
  } catch (error) {
    expect(error).toMatchObject({ name: 'HitonamiError', code: 'CONFIG' });
    return (error as Error).message;
  }
  throw new Error('it was accepted');
};

describe('a configuration', () => {
  it('is read from the environment keys of its fields, with defaults for what is not set', () => {
    const config = readConfig(schema, {
      HITONAMI_MODEL: 'm.onnx',
      HITONAMI_LOG: 'kafka',
      HITONAMI_KAFKA_BROKERS: 'a:9092, b:9092',
      HITONAMI_METRICS_ADDRESS: '0.0.0.0:9000',
      PATH: '/bin',
    });
    expect(config).toEqual({
      model: 'm.onnx',
      log: 'kafka',
      kafkaBrokers: ['a:9092', 'b:9092'],
      data: '.hitonami',
      topicPrefix: 'hitonami.',
      observationPartitions: 4,
      metricsAddress: { host: '0.0.0.0', port: 9000 },
      logLevel: 'info',
      stopDeadline: 20_000,
      window: 10_000,
    });
    expect(environmentKey('grpcTlsCert')).toBe('HITONAMI_GRPC_TLS_CERT');
  });

  it('is refused with every wrong key named at once, what is wrong, and the mend', () => {
    const message = messageOf({
      HITONAMI_METRICS_ADDRESS: 'nowhere',
      HITONAMI_LOG: 'files',
      HITONAMI_WINDOW: '10',
      HITONAMI_LOG_LEVEL: 'loud',
    });
    expect(message).toContain(
      'HITONAMI_METRICS_ADDRESS="nowhere" must be an address with a port, for example 127.0.0.1:9464',
    );
    expect(message).toContain('HITONAMI_LOG="files" must be one of kafka, embedded');
    expect(message).toContain('HITONAMI_WINDOW="10" must be a time with its unit');
    expect(message).toContain('from 1000 ms to 3600000 ms');
    expect(message).toContain('HITONAMI_LOG_LEVEL="loud" must be one of fatal, error, warn');
    expect(message).toContain('HITONAMI_MODEL is not set: the path of a detector (.onnx)');
  });

  it('treats an empty variable as not set', () => {
    expect(messageOf({ HITONAMI_MODEL: '' })).toContain('HITONAMI_MODEL is not set');
  });

  it('refuses a key that it does not know, and says which one was meant', () => {
    expect(messageOf({ HITONAMI_MODEL: 'm', HITONAMI_KAFKA_BROKER: 'a:1' })).toContain(
      'HITONAMI_KAFKA_BROKER is not a key of this service: did you mean HITONAMI_KAFKA_BROKERS?',
    );
    expect(messageOf({ HITONAMI_MODEL: 'm', HITONAMI_SOMETHING_ELSE: '1' })).toContain(
      'known are HITONAMI_LOG, HITONAMI_KAFKA_BROKERS',
    );
  });

  it('leaves the key of the test suite alone', () => {
    expect(
      readConfig(schema, {
        HITONAMI_MODEL: 'm',
        HITONAMI_REQUIRE: 'all',
        HITONAMI_MODELS: '/models',
      }).observationPartitions,
    ).toBe(4);
  });

  it('refuses a choice of event log that contradicts itself', () => {
    expect(messageOf({ HITONAMI_MODEL: 'm', HITONAMI_LOG: 'kafka' })).toContain(
      'HITONAMI_KAFKA_BROKERS is not set: with HITONAMI_LOG=kafka, name one or more brokers',
    );
    expect(messageOf({ HITONAMI_MODEL: 'm', HITONAMI_KAFKA_BROKERS: 'a:1' })).toContain(
      'has no effect on the embedded log',
    );
  });

  it('accepts gRPC in the clear only by the words of consent', () => {
    expect(messageOf({ HITONAMI_MODEL: 'm', HITONAMI_GRPC_INSECURE: 'true' })).toContain(
      'HITONAMI_GRPC_INSECURE="true" must be one of yes-inside-a-private-network',
    );
  });

  it('never shows a secret, neither in an error nor when printed', () => {
    const long = secret().refine((value) => value.reveal().length > 20, 'must be longer');
    for (const schema of [z.object({ pass: long }), z.object({ password: z.enum(['x']) })]) {
      const key = environmentKey(Object.keys(schema.shape)[0] ?? '');
      const read = () => readConfig(schema as z.ZodObject, { [key]: 'hunter2' });
      expect(read).toThrow(`${key} (value not shown) must be`);
      expect(read).not.toThrow(/hunter2/);
    }
    const url = z.object({ url: httpUrl() });
    expect(() => readConfig(url, { HITONAMI_URL: 'http://me:hunter2@host' })).toThrow(
      'HITONAMI_URL="http://…@host" must be',
    );
    const { warehousePassword } = readConfig(schema, {
      HITONAMI_MODEL: 'm',
      HITONAMI_WAREHOUSE_PASSWORD: 'hunter2',
    });
    expect(warehousePassword?.reveal()).toBe('hunter2');
    const printed = `${String(warehousePassword)} ${JSON.stringify({ warehousePassword })} ${inspect(warehousePassword)}`;
    expect(printed).toBe('[secret] {"warehousePassword":"[secret]"} [secret]');
  });
});

describe('a field', () => {
  const accepts = <T>(field: z.ZodType<T>, text: string): T | undefined =>
    field.safeParse(text).data;

  it('reads ports', () => {
    expect(['0', '9464', '65535'].map((text) => accepts(port(), text))).toEqual([0, 9464, 65535]);
    expect(['65536', '-1', '1.5', 'http', ''].map((text) => accepts(port(), text))).toEqual(
      Array(5).fill(undefined),
    );
  });

  it('reads durations to milliseconds, and wants a unit', () => {
    expect(
      ['500ms', '10s', '1.5s', '2m', '1h', '7d'].map((text) => accepts(durationMs(), text)),
    ).toEqual([500, 10_000, 1_500, 120_000, 3_600_000, 604_800_000]);
    expect(
      ['10', '10 s', '0.0001s', '-1s', '1.2345s', '10S'].map((text) => accepts(durationMs(), text)),
    ).toEqual(Array(6).fill(undefined));
  });

  it('reads byte sizes', () => {
    expect(
      ['0B', '64KiB', '8MiB', '1.5MB', '2GiB'].map((text) => accepts(byteSize(), text)),
    ).toEqual([0, 65_536, 8_388_608, 1_500_000, 2_147_483_648]);
    expect(['8', '8mb', '0.3B', '8 MiB'].map((text) => accepts(byteSize(), text))).toEqual(
      Array(4).fill(undefined),
    );
  });

  it('reads booleans, lists and whole numbers', () => {
    expect(
      ['yes', 'TRUE', '1', 'no', 'false', '0', 'maybe'].map((t) => accepts(boolean(), t)),
    ).toEqual([true, true, true, false, false, false, undefined]);
    expect(accepts(list(), 'a, b ,c')).toEqual(['a', 'b', 'c']);
    expect(accepts(list(), 'a,,c')).toBeUndefined();
    expect(['1', '-3', '11', '1e1', '0x1'].map((text) => accepts(integer(-5, 10), text))).toEqual([
      1,
      -3,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('reads addresses, those of IPv6 in brackets, and prints them back', () => {
    for (const text of ['127.0.0.1:80', 'broker.example:9092', '[::1]:0']) {
      const parsed = accepts(address(), text);
      expect(parsed && formatAddress(parsed)).toBe(text);
    }
    for (const text of ['::1:80', 'host', 'host:', ':80', 'a b:80', 'host:99999', '[host:1']) {
      expect(accepts(address(), text)).toBeUndefined();
    }
  });

  it('refuses a web address with a password in it', () => {
    expect(accepts(httpUrl(), 'http://127.0.0.1:8123')).toBe('http://127.0.0.1:8123');
    expect(accepts(httpUrl(), 'http://me:hunter2@host:8123')).toBeUndefined();
    expect(accepts(httpUrl(), 'ftp://host')).toBeUndefined();
  });

  it('never throws, whatever the text', () => {
    const fields = [port(), address(), durationMs(), byteSize(), boolean(), list(), httpUrl()];
    fc.assert(
      fc.property(fc.string(), (text) => {
        for (const field of fields) field.safeParse(text);
      }),
      { numRuns: 200 },
    );
  });
});
