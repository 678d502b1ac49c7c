import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Rendered } from '../catalogue/rendered.js';
import type { ViewReader } from '../catalogue/view.js';
import { sendBody } from '../http/bodies.js';
import { ACTIONS, type Asked } from './actions.js';
import { CkanFault, envelope, faultText, invalid, JSON_TYPE } from './answers.js';

/** A question by POST, bytes. */
const QUESTION_BYTES_MAX = 16 * 1024;
/** A longer value of a parameter is none that anybody needs, characters. */
const VALUE_LENGTH_MAX = 4_000;
/** Harvesters ask anew and are told if nothing changed. */
const CACHE = 'public, max-age=0, must-revalidate';

export interface CkanOptions {
  views: Pick<ViewReader, 'look'>;
  rendered: Rendered;
}

interface Route {
  Params: { action: string };
}

/** CKAN's Action API, version 3: what reads. */
export function ckanRoutes(app: FastifyInstance, options: CkanOptions): void {
  void app.register((scope, _, done) => {
    scope.addContentTypeParser(
      'application/json',
      { parseAs: 'string' },
      (_request, body, next) => {
        next(null, String(body));
      },
    );
    for (const path of ['/api/3/action/:action', '/api/action/:action']) {
      scope.get<Route>(path, (request, reply) =>
        answer(request, reply, options, () => asked(request.query)),
      );
      scope.post<Route>(path, { bodyLimit: QUESTION_BYTES_MAX }, (request, reply) =>
        answer(request, reply, options, () => askedByPost(request.body)),
      );
    }
    scope.get('/api/3', (_request, reply) => reply.send({ version: 3 }));
    done();
  });
}

async function answer(
  request: FastifyRequest<Route>,
  reply: FastifyReply,
  { views, rendered }: CkanOptions,
  read: () => Asked,
): Promise<FastifyReply> {
  const { action } = request.params;
  const act = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
  // As CKAN words it: its clients know it by this.
  if (act === undefined)
    return reply
      .code(400)
      .type(JSON_TYPE)
      .send(JSON.stringify(`Bad request - Action name not known: ${action}`));
  const view = await views.look();
  // Other websites may read it in a browser: there is nothing in it that not everybody may have.
  void reply.header('access-control-allow-origin', '*');
  try {
    const question = read();
    const key = `ckan ${action} ${JSON.stringify(Object.entries(question).sort())}`;
    const body = await rendered.page(view, key, () =>
      envelope(view.url, action, act(view, question)),
    );
    return await sendBody(request, reply, body, CACHE);
  } catch (error) {
    if (!(error instanceof CkanFault)) throw error;
    return reply
      .code(error.status)
      .type(JSON_TYPE)
      .send(faultText(view.url, action, error));
  }
}

/** What is said several times counts as one text: CKAN's `fq_list`. */
function asked(query: unknown): Asked {
  const entries = Object.entries((query ?? {}) as Record<string, unknown>);
  return Object.fromEntries(entries.map(([name, value]) => [name, textOf(name, value)]));
}

function textOf(name: string, value: unknown): string {
  const text = Array.isArray(value)
    ? value.map(String).join(' ')
    : typeof value === 'object' && value !== null
      ? JSON.stringify(value)
      : String(value);
  if (text.length > VALUE_LENGTH_MAX)
    throw invalid(name, `Longer than ${VALUE_LENGTH_MAX} characters`);
  return text;
}

/** JSON, or JSON that was sent as a form, as some clients do. */
function askedByPost(body: unknown): Asked {
  const text =
    body instanceof URLSearchParams ? decodeForm(body) : typeof body === 'string' ? body : '{}';
  if (typeof text !== 'string') return asked(text);
  let value: unknown;
  try {
    value = JSON.parse(text === '' ? '{}' : text);
  } catch {
    throw new CkanFault(400, {
      message: 'Bad request - JSON Error: not JSON',
      __type: 'Bad Request',
    });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new CkanFault(400, {
      message: 'Bad request - JSON Error: no object',
      __type: 'Bad Request',
    });
  return asked(value);
}

function decodeForm(form: URLSearchParams): string | Record<string, string> {
  const [first] = form.keys();
  return first?.startsWith('{') === true ? first : Object.fromEntries(form);
}
