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
}

export type Reply =
  | { readonly kind: 'json'; readonly status: number; readonly body: unknown; readonly headers: ReplyHeaders }
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
  readonly body: z.ZodType | undefined;
  readonly answers: readonly { status: number; description: string; contentType: string; schema: z.ZodType }[];
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

interface Input<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType> {
  readonly params: z.output<P>;
  readonly query: z.output<Q>;
  readonly body: z.output<B>;
}

interface CommonSpec<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType> {
  readonly method: Method;
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  readonly problems?: readonly number[];
}

export interface JsonRouteSpec<
  P extends z.ZodObject,
  Q extends z.ZodObject,
  B extends z.ZodType,
  A extends z.ZodType,
> extends CommonSpec<P, Q, B> {
  readonly answer: { readonly schema: A; readonly statuses: Readonly<Record<number, string>> };
  handle(input: Input<P, Q, B>, services: Services): Answered<z.output<A>> | Promise<Answered<z.output<A>>>;
}

interface Answered<T> {
  /** Default 200. */
  readonly status?: number;
  readonly headers?: ReplyHeaders;
  readonly body: T;
}

type Empty = z.ZodObject<Record<never, never>, z.core.$strict>;

const NOTHING: Empty = z.strictObject({});

/** A route that answers JSON. */
export function jsonRoute<
  A extends z.ZodType,
  P extends z.ZodObject = Empty,
  Q extends z.ZodObject = Empty,
  B extends z.ZodType = z.ZodUndefined,
>(spec: JsonRouteSpec<P, Q, B, A>): Route {
  const { answer } = spec;
  const statuses = Object.entries(answer.statuses);
  const answers = statuses.map(([status, description]) => ({
    status: Number(status),
    description,
    contentType: 'application/json',
    schema: answer.schema,
  }));
  return {
    method: spec.method,
    path: spec.path,
    description: describe(spec, answers),
    async run(raw, services) {
      const { status = 200, headers = {}, body } = await spec.handle(readInput(spec, raw), services);
      return { kind: 'json', status, headers, body };
    },
  };
}

export interface PlainRouteSpec<P extends z.ZodObject, Q extends z.ZodObject> extends CommonSpec<P, Q, z.ZodUndefined> {
  readonly answer: { readonly status?: number; readonly contentType: string; readonly description: string };
  handle(input: Input<P, Q, z.ZodUndefined>, services: Services): Reply | Promise<Reply>;
}

/** A route that answers something else: a page, a file, text. */
export function plainRoute<P extends z.ZodObject = Empty, Q extends z.ZodObject = Empty>(
  spec: PlainRouteSpec<P, Q>,
): Route {
  const { status = 200, contentType, description } = spec.answer;
  return {
    method: spec.method,
    path: spec.path,
    description: describe(spec, [{ status, description, contentType, schema: z.string() }]),
    run: async (raw, services) => spec.handle(readInput(spec, raw), services),
  };
}

function describe<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType>(
  spec: CommonSpec<P, Q, B>,
  answers: RouteDescription['answers'],
): RouteDescription {
  return {
    tag: spec.tag,
    summary: spec.summary,
    ...(spec.description === undefined ? {} : { description: spec.description }),
    params: spec.params ?? NOTHING,
    query: spec.query ?? NOTHING,
    body: spec.body,
    answers,
    problems: spec.problems ?? [],
  };
}

/** A schema that was left out stands for "nothing", which is what its type parameter's default says. */
function readInput<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType>(
  spec: CommonSpec<P, Q, B>,
  raw: RawInput,
): Input<P, Q, B> {
  return {
    params: parseInput('path', spec.params ?? NOTHING, raw.params) as z.output<P>,
    query: parseInput('query', spec.query ?? NOTHING, raw.query) as z.output<Q>,
    body: (spec.body ? parseInput('body', spec.body, raw.body) : undefined) as z.output<B>,
  };
}
