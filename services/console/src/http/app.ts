import helmet from '@fastify/helmet';
import swagger from '@fastify/swagger';
import Fastify, { LogController, type FastifyInstance } from 'fastify';
import {
  jsonSchemaTransform,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod';
import type { Logger } from '@hitonami/service';
import type { ConsoleMetrics } from '../metrics.js';
import { answerProblem, notFound } from './problem.js';
import { serveWebApp } from './web-app.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Open until somebody leaves: how long it took says nothing. */
    isStream?: boolean;
  }
}

/** Largest body of any request but a plan's, bytes. */
const BODY_BYTES_MAX = 64 * 1024;
/** A request must have come whole after this, ms. */
const REQUEST_MS_MAX = 30_000;

export interface AppOptions {
  logger: Logger;
  metrics: ConsoleMetrics;
  /** The origin that browsers use. */
  url: string;
  /** Addresses and networks whose `X-Forwarded-For` is believed. */
  proxies: readonly string[];
  /** The built web application; nothing but the API is served where it is undefined. */
  webFolder: string | undefined;
  routes: (api: Api) => Promise<void> | void;
}

/** The API's part of the server, whose schemas are zod's. */
export type Api = ReturnType<typeof typed>;
const typed = (app: FastifyInstance) => app.withTypeProvider<ZodTypeProvider>();

/** The server with everything that every answer has: headers, limits, problems, metrics and the document of the API. */
export async function buildApp(options: AppOptions): Promise<FastifyInstance> {
  const app = Fastify({
    loggerInstance: options.logger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_MS_MAX,
    trustProxy: options.proxies.length > 0 ? [...options.proxies] : false,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 100 },
  }) as unknown as FastifyInstance;
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(answerProblem);
  await app.register(helmet, headers(options.url));
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'hitonami console',
        version: '1',
        description: 'What the operator’s console shows and changes. Errors are a `problem`.',
      },
    },
    transform: jsonSchemaTransform,
  });
  app.addHook('onResponse', (request, reply, done) => {
    const { url: route, config } = request.routeOptions;
    if (route !== undefined && config.isStream !== true)
      options.metrics.answered(route, reply.statusCode, reply.elapsedTime / 1000);
    done();
  });
  await app.register(
    async (scope) => {
      scope.addHook('onSend', (_request, reply, payload, done) => {
        if (!reply.hasHeader('cache-control')) void reply.header('cache-control', 'no-store');
        done(null, payload);
      });
      scope.setNotFoundHandler((request) => {
        throw notFound(request.url.split('?', 1)[0] ?? '');
      });
      const api = typed(scope);
      await options.routes(api);
      api.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
    },
    { prefix: '/api/v1' },
  );
  await serveWebApp(app, options.webFolder);
  return app;
}

/** Scripts come from here alone; what is drawn may set its own style attributes, as chart libraries do. */
function headers(url: string) {
  const isSecure = url.startsWith('https:');
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'self'"],
        'script-src': ["'self'"],
        'style-src': ["'self'"],
        'style-src-attr': ["'unsafe-inline'"],
        'img-src': ["'self'", 'data:', 'blob:'],
        'font-src': ["'self'"],
        'connect-src': ["'self'"],
        'worker-src': ["'self'", 'blob:'],
        'media-src': ["'self'"],
        'object-src': ["'none'"],
        'base-uri': ["'none'"],
        'form-action': ["'self'"],
        'frame-ancestors': ["'none'"],
      },
    },
    strictTransportSecurity: isSecure ? { maxAge: 31_536_000, includeSubDomains: false } : false,
    referrerPolicy: { policy: 'same-origin' as const },
    xFrameOptions: { action: 'deny' as const },
  };
}
