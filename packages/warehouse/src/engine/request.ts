import type { IncomingMessage } from 'node:http';
import { randomUUID } from 'node:crypto';
import { doorException } from './exception.js';

/** What the URL and the headers of a request say, apart from its body. */
export interface Asked {
  sql: string;
  queryId: string;
  database: string;
  format: string;
  settings: Map<string, string>;
  params: Map<string, string>;
  /** GET only reads, as in ClickHouse. */
  readonly: boolean;
  /** Encoding of the answer that both sides want. */
  encoding: 'gzip' | 'br' | 'deflate' | undefined;
}

/** Parameters that belong to the interface and are no settings of a query, or that have no meaning here. */
const INTERFACE = new Set([
  'query',
  'query_id',
  'database',
  'default_format',
  'user',
  'password',
  'compress',
  'decompress',
  'session_timeout',
  'session_check',
  'buffer_size',
  'wait_end_of_query',
  'enable_http_compression',
  'http_zlib_compression_level',
  'http_response_buffer_size',
  'http_wait_end_of_query',
  'http_native_compression_disable_checksumming_on_decompress',
  'http_write_exception_in_output_format',
  'http_headers_progress_interval_ms',
  'http_receive_timeout',
  'http_send_timeout',
  'send_progress_in_http_headers',
  'cancel_http_readonly_queries_on_client_close',
  'add_http_cors_header',
  'log_comment',
]);
const NAME = /^[A-Za-z_][A-Za-z0-9_.]*$/;
const ENCODINGS = ['gzip', 'br', 'deflate'] as const;

export function readAsked(request: IncomingMessage, url: URL): Asked {
  const asked: Asked = {
    sql: url.searchParams.get('query') ?? '',
    queryId: url.searchParams.get('query_id') ?? randomUUID(),
    database: url.searchParams.get('database') ?? header(request, 'x-clickhouse-database') ?? '',
    format:
      url.searchParams.get('default_format') ??
      header(request, 'x-clickhouse-format') ??
      'TabSeparated',
    settings: new Map(),
    params: new Map(),
    readonly: request.method === 'GET' || request.method === 'HEAD',
    encoding: undefined,
  };
  if (!NAME.test(asked.format)) throw doorException(73, `Unknown format ${asked.format}`);
  for (const [name, value] of url.searchParams) {
    if (name.startsWith('param_')) asked.params.set(plainName(name.slice(6)), value);
    else if (name === 'session_id' || name === 'role' || name === 'quota_key') {
      throw doorException(48, `The embedded engine has no ${name}`);
    } else if (!INTERFACE.has(name)) asked.settings.set(plainName(name), value);
  }
  if (url.searchParams.get('compress') === '1' || url.searchParams.get('decompress') === '1') {
    throw doorException(48, 'The native compression of ClickHouse is not supported: use gzip');
  }
  if (['1', 'true'].includes(url.searchParams.get('enable_http_compression') ?? '')) {
    const accepted = (header(request, 'accept-encoding') ?? '').toLowerCase();
    asked.encoding = ENCODINGS.find((name) => new RegExp(`\\b${name}\\b`).test(accepted));
  }
  return asked;
}

/** Settings and parameters become part of a SET statement by name, so only plain names pass. */
function plainName(name: string): string {
  if (!NAME.test(name)) throw doorException(115, `Unknown setting '${name.slice(0, 100)}'`);
  return name;
}

export function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/**
 * Why a request that did reach the loopback door is refused all the same: a web page open in a browser on this
 * machine can send requests here too, under its own origin or a name that it made resolve to 127.0.0.1.
 */
export function strangeOrigin(request: IncomingMessage): string | undefined {
  const host = hostOf(`http://${request.headers.host ?? ''}`);
  if (request.headers.host !== undefined && !isLoopbackName(host)) return `host ${host ?? ''}`;
  const origin = request.headers.origin;
  if (origin !== undefined && !isLoopbackName(hostOf(origin))) return `origin ${origin}`;
  return undefined;
}

function hostOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).hostname : undefined;
}

function isLoopbackName(name: string | undefined): boolean {
  return (
    name !== undefined && (['localhost', '[::1]'].includes(name) || /^127(\.\d+){3}$/.test(name))
  );
}
