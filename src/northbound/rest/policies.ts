/** GET, POST /policies; GET, PUT, PATCH, DELETE /policies/{name}. */
import { z } from 'zod';
import { NamedPolicyBody, PolicyBody } from '../../policies/input.ts';
import { mergePatch } from '../../policies/merge-patch.ts';
import type { PolicyWrite } from '../../policies/policies.ts';
import type { PolicyInput, PolicyRecord } from '../../policies/record.ts';
import type { WrittenPolicy } from '../../policies/service.ts';
import { ProblemError, badInput } from '../http/problem.ts';
import { list, listJson } from '../json/common.ts';
import { PlanJson, PolicyJson, planToJson, policyToJson } from '../json/policy.ts';
import { DEFAULT_WRITE_TIMEOUT_MS } from '../limits.ts';
import type { Services } from '../services.ts';
import { parseInput } from './input.ts';
import {
  asProblems,
  etagOf,
  expectedRevisions,
  newPolicyParams,
  policyParams,
  preconditionHeaders,
  writeQuery,
} from './policy-input.ts';
import { jsonRoute } from './route.ts';
import type { Route } from './route.ts';

const BASE = '/api/v1/policies';

const PENDING = 'It is stored, and `status` says what it waits for: the time is over, or a switch is not there';
const DRY_RUN = 'with `dryRun`, what the write would do';

const PolicyOrPlanJson = z.union([PolicyJson, PlanJson]);

const PatchBody = z
  .custom<Readonly<Record<string, unknown>>>(
    (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
    {
      message: 'must be an object with the fields to change',
    },
  )
  .meta({
    type: 'object',
    description: 'A merge patch (RFC 7396): the fields to change, null for those to be taken out',
    example: { enabled: false },
  });

type WriteInput = {
  readonly query: z.output<typeof writeQuery>;
  readonly headers: z.output<typeof preconditionHeaders>;
  readonly remoteAddress: string;
};

export const policyRoutes: readonly Route[] = [
  jsonRoute({
    method: 'get',
    path: BASE,
    tag: 'policies',
    summary: 'All policies, with how they stand',
    answer: { schema: listJson(PolicyJson), statuses: { 200: 'The policies, by name' } },
    handle: (_input, services) => ({ body: list(services.view(), services.policies.list().map(policyToJson)) }),
  }),
  jsonRoute({
    method: 'post',
    path: BASE,
    tag: 'policies',
    summary: 'Create a policy',
    query: writeQuery,
    headers: preconditionHeaders,
    body: PolicyBody,
    answer: {
      schema: PolicyOrPlanJson,
      statuses: { 201: 'Every switch concerned has answered; `Location` is its address', 202: PENDING, 200: DRY_RUN },
    },
    problems: [409, 412],
    handle: (input, services) => write(services, input, input.body, 'create'),
  }),
  jsonRoute({
    method: 'get',
    path: `${BASE}/{name}`,
    tag: 'policies',
    summary: 'One policy, with how it stands',
    params: policyParams,
    answer: { schema: PolicyJson, statuses: { 200: 'The policy; `ETag` is its revision' } },
    problems: [404],
    handle({ params }, services) {
      const report = services.policies.get(params.name);
      if (!report) throw unknownPolicy(params.name);
      return { body: policyToJson(report), headers: etagOf(report.record) };
    },
  }),
  jsonRoute({
    method: 'put',
    path: `${BASE}/{name}`,
    tag: 'policies',
    summary: 'Create a policy, or replace it',
    params: newPolicyParams,
    query: writeQuery,
    headers: preconditionHeaders,
    body: NamedPolicyBody,
    answer: {
      schema: PolicyOrPlanJson,
      statuses: { 200: `It was replaced; ${DRY_RUN}`, 201: 'It was created', 202: PENDING },
    },
    problems: [409, 412],
    handle(input, services) {
      const { name } = input.params;
      checkName(name, input.body.name);
      return write(services, input, { ...input.body, name }, 'put');
    },
  }),
  jsonRoute({
    method: 'patch',
    path: `${BASE}/{name}`,
    tag: 'policies',
    summary: 'Change some fields of a policy',
    params: policyParams,
    query: writeQuery,
    headers: preconditionHeaders,
    body: PatchBody,
    answer: { schema: PolicyOrPlanJson, statuses: { 200: `It was changed; ${DRY_RUN}`, 202: PENDING } },
    problems: [404, 409, 412],
    handle(input, services) {
      const { name } = input.params;
      const report = services.policies.get(name);
      if (!report) throw unknownPolicy(name);
      const body = parseInput('body', PolicyBody, mergePatch(inputOf(report.record), input.body));
      checkName(name, body.name);
      return write(services, input, body, 'update');
    },
  }),
  jsonRoute({
    method: 'delete',
    path: `${BASE}/{name}`,
    tag: 'policies',
    summary: 'Delete a policy',
    params: policyParams,
    query: writeQuery,
    headers: preconditionHeaders,
    answer: {
      schema: PolicyOrPlanJson,
      statuses: { 200: DRY_RUN, 202: 'It is deleted, and some of its rules are still to be taken from the switches' },
      empty: { 204: 'It is deleted, and no connected switch holds anything of it' },
    },
    problems: [404, 412],
    async handle({ params, query, headers, remoteAddress }, services) {
      const removal = { ...params, expected: expectedRevisions(headers['if-match']), actor: remoteAddress };
      if (query.dryRun === 'true') {
        const plan = await asProblems(() => services.policies.planRemoval(removal));
        return { body: planToJson(services.view(), plan) };
      }
      const removed = await asProblems(() => services.policies.remove(removal, timeoutOf(query)));
      return removed.settled ? { status: 204 } : { status: 202, body: policyToJson(removed) };
    },
  }),
];

async function write(
  services: Services,
  { query, headers, remoteAddress: actor }: WriteInput,
  input: PolicyInput,
  mode: PolicyWrite['mode'],
) {
  const request: PolicyWrite = { input, mode, actor, expected: expectedRevisions(headers['if-match']) };
  if (query.dryRun === 'true') {
    const plan = await asProblems(() => services.policies.planWrite(request));
    return { body: planToJson(services.view(), plan) };
  }
  const written = await asProblems(() => services.policies.write(request, timeoutOf(query)));
  const location = { Location: `${BASE}/${input.name}` };
  return {
    status: statusOf(written),
    body: policyToJson(written),
    headers: { ...etagOf(written.record), ...(written.created ? location : {}) },
  };
}

function statusOf({ record, status, created, settled }: WrittenPolicy): number {
  if (!settled || (record.enabled && status.phase === 'pending')) return 202;
  return created ? 201 : 200;
}

function timeoutOf({ timeoutMs }: WriteInput['query']): number {
  return timeoutMs ?? DEFAULT_WRITE_TIMEOUT_MS;
}

function checkName(name: string, said: string | undefined): void {
  if (said === undefined || said === name) return;
  throw badInput([{ path: 'name', message: `is ${said}, but the address says ${name}; a policy keeps its name` }]);
}

/** What a merge patch is applied to: the policy as a client would write it. */
function inputOf({ name, kind, spec, description, enabled }: PolicyRecord) {
  return { name, kind, spec, enabled, ...(description === undefined ? {} : { description }) };
}

function unknownPolicy(name: string): ProblemError {
  return new ProblemError(404, `There is no policy ${name}; GET ${BASE} lists them.`);
}
