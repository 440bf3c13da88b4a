/** GET /hosts and /hosts/{host}, PUT and DELETE /hosts/{host}/name. */
import { z } from 'zod';
import { formatMac, parseIp, parseMac } from '../../core/addresses.ts';
import { isDpid } from '../../core/ids.ts';
import type { Host, NetworkView } from '../../topology/view.ts';
import { ProblemError } from '../http/problem.ts';
import { list, listJson } from '../json/common.ts';
import { HostJson, hostToJson } from '../json/host.ts';
import { hostsToJson } from '../json/topology.ts';
import type { Services } from '../services.ts';
import { HostReference, findHost, hostsNamed, lookFor } from './naming.ts';
import { jsonRoute } from './route.ts';
import type { Route } from './route.ts';

/** A DNS label's length (RFC 1035 section 2.3.4), so that a name fits wherever one is shown. */
const MAX_HOST_NAME_CHARS = 63;
/** What policies write for every host. */
const EVERY_HOST = 'any';

const HostName = z
  .string()
  .max(MAX_HOST_NAME_CHARS, `must have at most ${MAX_HOST_NAME_CHARS} characters`)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'must be letters, digits, ".", "_" or "-", beginning with a letter or digit')
  .refine((name) => !isAddress(name), 'must not look like an address: it would hide the host that has it')
  .refine((name) => name !== EVERY_HOST, `must not be "${EVERY_HOST}", which means every host`)
  .meta({ example: 'h1' });

const NameBody = z.strictObject({ name: HostName.nullable() }).nullable().meta({
  description: '`{"name": "h1"}` names the host; `{"name": null}` or `null` takes its name away',
});

const params = z.strictObject({ host: HostReference });

export const hostRoutes: readonly Route[] = [
  jsonRoute({
    method: 'get',
    path: '/api/v1/hosts',
    tag: 'network',
    summary: 'All hosts seen',
    answer: { schema: listJson(HostJson), statuses: { 200: 'The hosts, in order of their MACs' } },
    handle(_input, services) {
      const view = services.view();
      return {
        body: list(
          view,
          hostsToJson(view, (mac) => services.hostLastSeen(mac)),
        ),
      };
    },
  }),
  jsonRoute({
    method: 'get',
    path: '/api/v1/hosts/{host}',
    tag: 'network',
    summary: 'One host; one that is not known is asked for in the network, by the addresses that it has or had last',
    params,
    answer: { schema: HostJson, statuses: { 200: 'The host' } },
    problems: [404, 409],
    async handle({ params }, services) {
      await lookFor(services, params.host);
      const host = findHost(services.view(), params.host);
      return { body: hostToJson(host, (mac) => services.hostLastSeen(mac)) };
    },
  }),
  jsonRoute({
    method: 'put',
    path: '/api/v1/hosts/{host}/name',
    tag: 'network',
    summary: 'Name a host, or take its name away',
    params,
    body: NameBody,
    answer: { schema: HostJson, statuses: { 200: 'The host as it is called now' } },
    problems: [404, 409],
    async handle({ params, body }, services) {
      await lookFor(services, params.host);
      const view = services.view();
      const host = findHost(view, params.host);
      const name = body?.name ?? undefined;
      if (name !== undefined) refuseTakenName(view, host, name);
      return { body: setName(services, host, name) };
    },
  }),
  jsonRoute({
    method: 'delete',
    path: '/api/v1/hosts/{host}/name',
    tag: 'network',
    summary: "Take a host's name away",
    params,
    answer: {
      schema: HostJson,
      statuses: { 200: 'The host without a name' },
      empty: { 204: 'The host is not there; its name is free now' },
    },
    problems: [404, 409],
    async handle({ params }, services) {
      await lookFor(services, params.host);
      const view = services.view();
      if (hostsNamed(view, params.host).length === 0 && services.takeName(params.host)) return { status: 204 };
      return { body: setName(services, findHost(view, params.host), undefined) };
    },
  }),
];

function setName(services: Services, host: Host, name: string | undefined): HostJson {
  if (!services.nameHost(host.mac, name)) {
    const mac = formatMac(host.mac);
    throw new ProblemError(404, `The host ${mac} has just gone; GET /api/v1/hosts lists those there are.`);
  }
  return hostToJson({ ...host, name }, (mac) => services.hostLastSeen(mac));
}

function isAddress(name: string): boolean {
  return parseMac(name) !== undefined || parseIp(name) !== undefined || isDpid(name.toLowerCase());
}

/** A name must mean one thing, since requests and policies use it. */
function refuseTakenName(view: NetworkView, host: Host, name: string): void {
  for (const other of view.hosts.values()) {
    if (other.name === name && other.mac !== host.mac) {
      throw new ProblemError(409, `The host ${formatMac(other.mac)} is called ${name} already; choose another name.`);
    }
  }
  for (const sw of view.switches.values()) {
    if (sw.name === name) {
      throw new ProblemError(409, `The switch ${sw.dpid} is called ${name}; choose another name.`);
    }
  }
}
