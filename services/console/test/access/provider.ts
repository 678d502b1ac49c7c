import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';

export interface Person {
  groups?: string | string[];
  preferred_username?: string;
}

/** A real OpenID provider on this machine. Whoever is in `people` can sign in by their subject. */
export interface IdentityProvider {
  readonly issuer: string;
  readonly people: Map<string, Person>;
  /** What a person does there: follows the address, signs in, consents. @returns the address that they are sent back to */
  visit(location: string, subject: string): Promise<string>;
  stop(): Promise<void>;
}

export const CLIENT = { clientId: 'hitonami', clientSecret: 'a secret between the two' } as const;

const SIGNING_KEY = {
  ...generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' }),
  use: 'sig',
  alg: 'RS256',
};

export async function startProvider(callback: string): Promise<IdentityProvider> {
  const people = new Map<string, Person>();
  const server: Server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: CLIENT.clientId,
        client_secret: CLIENT.clientSecret,
        redirect_uris: [callback],
      },
    ],
    claims: { openid: ['sub'], profile: ['preferred_username', 'groups'], email: ['email'] },
    findAccount: (_context, accountId) => {
      const person = people.get(accountId);
      if (person === undefined) return undefined;
      return { accountId, claims: () => ({ sub: accountId, ...person }) };
    },
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    features: { devInteractions: { enabled: false } },
    pkce: { required: () => true },
    jwks: { keys: [SIGNING_KEY] },
    ttl: { Interaction: 600, Session: 600, Grant: 600, AccessToken: 600, IdToken: 600 },
    cookies: { keys: ['a key of the test'] },
  });
  const answer = provider.callback();
  // Who signs in is said in a header: there is no page to fill in.
  server.on('request', (request, response) => {
    if (request.url?.startsWith('/interaction/') !== true) void answer(request, response);
    else void interact(provider, request, response);
  });
  return {
    issuer,
    people,
    visit: (location, subject) => visit(issuer, location, subject),
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function interact(
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { prompt, params, session } = await provider.interactionDetails(request, response);
  const subject = String(request.headers['x-test-subject']);
  if (prompt.name === 'login') {
    await provider.interactionFinished(request, response, { login: { accountId: subject } });
    return;
  }
  const grant = new provider.Grant({
    accountId: session?.accountId ?? subject,
    clientId: String(params['client_id']),
  });
  grant.addOIDCScope('openid profile email');
  const grantId = await grant.save();
  await provider.interactionFinished(request, response, { consent: { grantId } });
}

const STEPS_MAX = 10;

async function visit(issuer: string, location: string, subject: string): Promise<string> {
  const jar = new Map<string, string>();
  let next = location;
  for (let steps = 0; steps < STEPS_MAX; steps++) {
    const answer = await fetch(next, {
      redirect: 'manual',
      headers: {
        cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; '),
        'x-test-subject': subject,
      },
    });
    for (const cookie of answer.headers.getSetCookie()) {
      const [name = '', value = ''] = (cookie.split(';', 1)[0] ?? '').split('=', 2);
      jar.set(name, value);
    }
    const to = answer.headers.get('location');
    if (to === null)
      throw new Error(`the provider answers ${answer.status}: ${await answer.text()}`);
    next = new URL(to, issuer).href;
    if (!next.startsWith(issuer)) return next;
  }
  throw new Error('the provider sends the browser around');
}
