/**
 * A route as one value: where it is, what it takes, what it answers. The same schemas validate its requests and describe it in
 * the OpenAPI document, so the two cannot drift apart.
 */
import { z } from 'zod';
import type { Services } from '../services.ts';
import { parseInput } from './input.ts';

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** As express hands it over, not yet looked at. */
export interface RawInput {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
  /** Names in lower case. */
  readonly headers: unknown;
  /** Who asks, as far as that is known: an address. */
  readonly remoteAddress: string;
}

export type Reply =
  | { readonly kind: 'json'; readonly status: number; readonly body: unknown; readonly headers: ReplyHeaders }
  | { readonly kind: 'empty'; readonly status: number; readonly headers: ReplyHeaders }
  | { readonly kind: 'text'; readonly contentType: string; readonly text: string }
  | { readonly kind: 'file'; readonly path: string };

export type ReplyHeaders = Readonly<Record<string, string>>;

/** What the OpenAPI document tells of a route. */
export interface RouteDescription {
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly params: z.ZodObject;
  readonly query: z.ZodObject;
  readonly headers: z.ZodObject | undefined;
  readonly body: z.ZodType | undefined;
  /** `content` is undefined for an answer without a body. */
  readonly answers: readonly {
    readonly status: number;
    readonly description: string;
    readonly content: { readonly type: string; readonly schema: z.ZodType } | undefined;
  }[];
  /** Statuses answered as problems, beside those any route may answer. */
  readonly problems: readonly number[];
}

export interface Route {
  readonly method: Method;
  /** In OpenAPI's form, whole: `/api/v1/switches/{dpid}`. */
  readonly path: string;
  readonly description: RouteDescription;
  run(raw: RawInput, services: Services): Promise<Reply>;
}

interface Input<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType, H extends z.ZodObject> {
  readonly params: z.output<P>;
  readonly query: z.output<Q>;
  readonly body: z.output<B>;
  readonly headers: z.output<H>;
  readonly remoteAddress: string;
}

interface CommonSpec<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType, H extends z.ZodObject> {
  readonly method: Method;
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  /** The headers that mean something here, by their names in lower case; others are let pass. */
  readonly headers?: H;
  readonly problems?: readonly number[];
}

export interface JsonRouteSpec<
  P extends z.ZodObject,
  Q extends z.ZodObject,
  B extends z.ZodType,
  H extends z.ZodObject,
  A extends z.ZodType,
> extends CommonSpec<P, Q, B, H> {
  readonly answer: {
    readonly schema: A;
    readonly statuses: Readonly<Record<number, string>>;
    /** Statuses answered without a body: `handle` then leaves it out. */
    readonly empty?: Readonly<Record<number, string>>;
  };
  handle(input: Input<P, Q, B, H>, services: Services): Answered<z.output<A>> | Promise<Answered<z.output<A>>>;
}

interface Answered<T> {
  /** Default 200. */
  readonly status?: number;
  readonly headers?: ReplyHeaders;
  readonly body?: T;
}

type Empty = z.ZodObject<Record<never, never>, z.core.$strict>;

const NOTHING: Empty = z.strictObject({});

/** A route that answers JSON. */
export function jsonRoute<
  A extends z.ZodType,
  P extends z.ZodObject = Empty,
  Q extends z.ZodObject = Empty,
  B extends z.ZodType = z.ZodUndefined,
  H extends z.ZodObject = Empty,
>(spec: JsonRouteSpec<P, Q, B, H, A>): Route {
  const { schema, statuses, empty = {} } = spec.answer;
  const answersOf = (texts: Readonly<Record<number, string>>, content: RouteDescription['answers'][0]['content']) =>
    Object.entries(texts).map(([status, description]) => ({ status: Number(status), description, content }));
  const answers = [...answersOf(statuses, { type: 'application/json', schema }), ...answersOf(empty, undefined)];
  return {
    method: spec.method,
    path: spec.path,
    description: describe(spec, answers),
    async run(raw, services) {
      const { status = 200, headers = {}, body } = await spec.handle(readInput(spec, raw), services);
      return body === undefined ? { kind: 'empty', status, headers } : { kind: 'json', status, headers, body };
    },
  };
}

export interface PlainRouteSpec<P extends z.ZodObject, Q extends z.ZodObject> extends CommonSpec<
  P,
  Q,
  z.ZodUndefined,
  Empty
> {
  readonly answer: { readonly status?: number; readonly contentType: string; readonly description: string };
  handle(input: Input<P, Q, z.ZodUndefined, Empty>, services: Services): Reply | Promise<Reply>;
}

/** A route that answers something else: a page, a file, text. */
export function plainRoute<P extends z.ZodObject = Empty, Q extends z.ZodObject = Empty>(
  spec: PlainRouteSpec<P, Q>,
): Route {
  const { status = 200, contentType, description } = spec.answer;
  return {
    method: spec.method,
    path: spec.path,
    description: describe(spec, [{ status, description, content: { type: contentType, schema: z.string() } }]),
    run: async (raw, services) => spec.handle(readInput(spec, raw), services),
  };
}

function describe<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType, H extends z.ZodObject>(
  spec: CommonSpec<P, Q, B, H>,
  answers: RouteDescription['answers'],
): RouteDescription {
  return {
    tag: spec.tag,
    summary: spec.summary,
    ...(spec.description === undefined ? {} : { description: spec.description }),
    params: spec.params ?? NOTHING,
    query: spec.query ?? NOTHING,
    headers: spec.headers,
    body: spec.body,
    answers,
    problems: spec.problems ?? [],
  };
}

/** A schema that was left out stands for "nothing", which is what its type parameter's default says. */
function readInput<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType, H extends z.ZodObject>(
  spec: CommonSpec<P, Q, B, H>,
  raw: RawInput,
): Input<P, Q, B, H> {
  return {
    params: parseInput('path', spec.params ?? NOTHING, raw.params) as z.output<P>,
    query: parseInput('query', spec.query ?? NOTHING, raw.query) as z.output<Q>,
    body: (spec.body ? parseInput('body', spec.body, raw.body) : undefined) as z.output<B>,
    headers: (spec.headers ? parseInput('headers', spec.headers, raw.headers) : {}) as z.output<H>,
    remoteAddress: raw.remoteAddress,
  };
}
