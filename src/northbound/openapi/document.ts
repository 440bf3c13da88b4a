/** The OpenAPI 3.1 document, generated from the very routes that serve. */
import { STATUS_CODES } from 'node:http';
import { OpenAPIRegistry, OpenApiGeneratorV31 } from '@asteasolutions/zod-to-openapi';
import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import { PROBLEM_CONTENT_TYPE, ProblemJson } from '../http/problem.ts';
import type { Route } from '../rest/route.ts';

const TAGS = [
  { name: 'network', description: 'What is there: switches, links, hosts and the ways between them' },
  { name: 'policies', description: 'What is wanted of the network: declared, stored, and carried out on every switch' },
  { name: 'controller', description: 'The controller itself' },
];

/** Where a problem has no words of its own, the status code's do. */
const PROBLEM_TEXTS: Readonly<Record<number, string>> = {
  400: 'Something in the request cannot be used; `errors` names it',
  403: 'The Host or Origin header is not of this machine',
  404: 'No such thing',
  409: 'The name is taken, or means more than one thing',
  412: 'The policy is not at a revision that `If-Match` names; read it again',
  413: 'The body is too large',
  415: 'The body is not JSON',
  429: 'Too many writes; wait as long as `Retry-After` says',
  500: 'The controller failed; its log says why',
  503: 'Not available now; ask again after `Retry-After` seconds',
};

export type OpenApiDocument = ReturnType<OpenApiGeneratorV31['generateDocument']>;

/** The document of these routes. `version` is the controller's. */
export function openApiDocument(routes: readonly Route[], version: string): OpenApiDocument {
  const registry = new OpenAPIRegistry();
  for (const route of routes) registry.registerPath(toPath(route));
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: {
      title: 'Signalbox',
      version,
      description: 'The northbound API of the Signalbox SDN controller. Errors are problem details of RFC 9457.',
    },
    servers: [{ url: '/' }],
    tags: TAGS,
  });
}

function toPath(route: Route): RouteConfig {
  const { tag, summary, description, params, query, headers, body } = route.description;
  return {
    method: route.method,
    path: route.path,
    operationId: operationId(route),
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    request: {
      params,
      query,
      ...(headers ? { headers } : {}),
      ...(body ? { body: { required: true, content: { 'application/json': { schema: body } } } } : {}),
    },
    responses: { ...problemResponses(route), ...answerResponses(route) },
  };
}

/** `get /api/v1/switches/{dpid}/ports` is `getSwitchesDpidPorts`, `get /api/v1` is `getIndex`. */
function operationId({ method, path }: Route): string {
  const words = path.replace('/api/v1', '').match(/\w+/g) ?? ['index'];
  return method + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}

function answerResponses({ description: { answers } }: Route): RouteConfig['responses'] {
  return Object.fromEntries(
    answers.map(({ status, description, content }) => [
      status,
      content ? { description, content: { [content.type]: { schema: content.schema } } } : { description },
    ]),
  );
}

function problemResponses({ method, description }: Route): RouteConfig['responses'] {
  const writes = method === 'get' ? [] : [429];
  const bodies = description.body ? [413, 415] : [];
  const statuses = new Set([400, 403, 500, ...bodies, ...writes, ...description.problems]);
  const content = { [PROBLEM_CONTENT_TYPE]: { schema: ProblemJson } };
  return Object.fromEntries(
    [...statuses].map((status) => [
      status,
      { description: PROBLEM_TEXTS[status] ?? STATUS_CODES[status] ?? 'Error', content },
    ]),
  );
}
