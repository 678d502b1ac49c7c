import type {} from '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** 32 bytes in base64url. Anything else is not looked up. */
const TOKEN = /^[A-Za-z0-9_-]{43}$/;
/** How long a sign-in elsewhere may take, s. */
const OIDC_MAX_S = 600;

export interface Cookies {
  token(request: FastifyRequest): string | undefined;
  setToken(reply: FastifyReply, token: string, endsAt: Date): void;
  clearToken(reply: FastifyReply): void;
  oidc(request: FastifyRequest): string | undefined;
  setOidc(reply: FastifyReply, value: string): void;
  clearOidc(reply: FastifyReply): void;
}

/**
 * The session's cookie is never seen by a script and never sent with a request that another site caused. Under https the
 * prefix `__Host-` makes browsers refuse one that another host, or plain http, has set. The other one is sent when the
 * browser comes back from the provider, which is another site: `Lax`, and for ten minutes only.
 */
export function cookies(url: string): Cookies {
  const secure = url.startsWith('https:');
  const prefix = secure ? '__Host-' : '';
  const [session, oidc] = [`${prefix}hitonami`, `${prefix}hitonami-oidc`];
  const common = { path: '/', httpOnly: true, secure } as const;
  const strict = { ...common, sameSite: 'strict' } as const;
  const lax = { ...common, sameSite: 'lax' } as const;
  return {
    token: (request) => {
      const token = request.cookies[session];
      return token !== undefined && TOKEN.test(token) ? token : undefined;
    },
    setToken: (reply, token, endsAt) => {
      void reply.setCookie(session, token, { ...strict, expires: endsAt });
    },
    clearToken: (reply) => {
      void reply.clearCookie(session, strict);
    },
    oidc: (request) => request.cookies[oidc],
    setOidc: (reply, value) => {
      void reply.setCookie(oidc, value, { ...lax, maxAge: OIDC_MAX_S });
    },
    clearOidc: (reply) => {
      void reply.clearCookie(oidc, lax);
    },
  };
}
