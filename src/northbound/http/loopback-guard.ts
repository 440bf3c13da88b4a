/**
 * Keeps other web sites out. A page of another site can make a browser send requests to this machine; with DNS rebinding
 * even under the site's own name. So only names of the loopback are accepted as Host, and as Origin where it counts.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { isIPv4, isIPv6 } from 'node:net';
import type { RequestHandler } from 'express';
import { ProblemError } from './problem.ts';

const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);
/** `name` or `[ipv6]`, then an optional port (RFC 9110 section 7.2). */
const AUTHORITY = /^(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::\d{1,5})?$/i;

export interface LoopbackGuard {
  /** The refusal of a request for its Host or Origin, or undefined where it may pass. */
  refusal(headers: IncomingHttpHeaders, checkOrigin: boolean): ProblemError | undefined;
}

/** True where only this machine can connect to an address. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}

export function isSafeMethod(method: string): boolean {
  return SAFE_METHODS.has(method);
}

/** A guard that accepts localhost, 127.0.0.1, [::1] and the bound address, with any port. */
export function createLoopbackGuard(boundHost: string): LoopbackGuard {
  const bound = isIPv6(boundHost) ? `[${boundHost}]` : boundHost;
  const names = new Set(['localhost', '127.0.0.1', '[::1]', bound]);

  function isOurs(authority: string | undefined): boolean {
    const name = AUTHORITY.exec(authority ?? '')?.[1];
    return name !== undefined && names.has(name.toLowerCase());
  }

  return {
    refusal(headers, checkOrigin) {
      if (!isOurs(headers.host)) {
        return new ProblemError(403, `The Host header must name this machine: ${[...names].join(', ')}.`);
      }
      const { origin } = headers;
      if (checkOrigin && origin !== undefined && !isOurs(origin.replace(/^https?:\/\//i, ''))) {
        return new ProblemError(403, 'Pages of other sites may not use this API: call it without an Origin header.');
      }
      return undefined;
    },
  };
}

export function loopbackOnly(guard: LoopbackGuard): RequestHandler {
  return (req, _res, next) => {
    const refusal = guard.refusal(req.headers, !isSafeMethod(req.method));
    if (refusal) throw refusal;
    next();
  };
}
