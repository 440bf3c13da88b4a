import { describe, expect, it } from 'vitest';
import { startHarness } from '../testing/harness.ts';
import type { SendOptions } from '../testing/harness.ts';
import { dpid } from '../testing/network.ts';

const SPEC = {
  dpid: 's1',
  table: 'steer',
  priority: 100,
  match: { eth_type: 'ipv4', ipv4_dst: '10.0.0.9' },
  instructions: [{ apply_actions: [{ output: 3 }] }],
};
const BODY = { name: 'web', kind: 'flow', spec: SPEC };
const PATH = '/api/v1/policies';
const WEB = `${PATH}/web`;

const WRITTEN = {
  name: 'web',
  kind: 'flow',
  spec: SPEC,
  description: null,
  enabled: true,
  revision: 1,
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-01T00:00:00.000Z',
  createdBy: '127.0.0.1',
  status: { phase: 'active', reason: null, observedRevision: 1, rules: 1, switches: [dpid(1)] },
};

/** A harness with the policy `web`. */
async function withPolicy() {
  const harness = await startHarness();
  await harness.send(PATH, { method: 'POST', body: BODY });
  return harness;
}

describe('POST /policies', () => {
  it('creates a policy and answers with it and its address', async () => {
    const { send } = await startHarness();
    const { status, headers, json } = await send(PATH, { method: 'POST', body: BODY });
    expect([status, headers['location'], headers['etag']]).toEqual([201, WEB, '"1"']);
    expect(json).toEqual(WRITTEN);
    const read = await send(WEB);
    expect([read.status, read.headers['etag'], read.json]).toEqual([200, '"1"', WRITTEN]);
    expect((await send(PATH)).json).toEqual({ version: 1, items: [WRITTEN] });
  });

  it('answers 409 where the name stands', async () => {
    const { send } = await withPolicy();
    const { status, json } = await send(PATH, { method: 'POST', body: BODY });
    expect(status).toBe(409);
    expect(json).toMatchObject({ detail: 'There is a policy web already; change it with PUT or PATCH.' });
  });

  it('answers 202 where the switches have not answered in time', async () => {
    const harness = await startHarness();
    const { clock, behave } = harness.services.bed;
    behave(dpid(1), 'silent');
    const answer = harness.send(`${PATH}?timeoutMs=250`, { method: 'POST', body: BODY });
    while (!harness.services.bed.policies.get('web')) await new Promise((resolve) => setImmediate(resolve));
    clock.advance(250);
    const { status, headers, json } = await answer;
    expect([status, headers['location']]).toEqual([202, WEB]);
    expect(json).toMatchObject({ status: { phase: 'pending', reason: 's1 has not confirmed all of it yet.' } });
  });

  it('answers 202 where the switch is not there, 201 where it refuses', async () => {
    const { send, services } = await startHarness();
    const absent = await send(PATH, { method: 'POST', body: { ...BODY, spec: { ...SPEC, dpid: 's9' } } });
    expect([absent.status, absent.json]).toMatchObject([202, { status: { phase: 'pending', rules: 0, switches: [] } }]);
    services.bed.behave(dpid(1), { refuse: 'BAD_ACTION/BAD_OUT_PORT' });
    const refused = await send(PATH, { method: 'POST', body: { ...BODY, name: 'other' } });
    expect([refused.status, refused.json]).toMatchObject([
      201,
      { status: { phase: 'failed', reason: expect.stringContaining('BAD_OUT_PORT') as string } },
    ]);
  });

  it.each<[unknown, string, string]>([
    [
      { ...BODY, colour: 'red' },
      'colour',
      'is not a field of this request; known: name, kind, spec, description, enabled',
    ],
    [
      { ...BODY, spec: { ...SPEC, ttl: 9 } },
      'spec.ttl',
      'is not a field of this request; known: dpid, table, priority, match, instructions',
    ],
    [{ ...BODY, kind: 'teleport' }, 'kind', 'is not a kind of policy; there are: flow'],
    [{ name: 'web', spec: SPEC }, 'kind', 'is not a kind of policy'],
    [{ kind: 'flow', spec: SPEC }, 'name', 'is required'],
    [{ name: 'web', kind: 'flow' }, 'spec', 'is required'],
    [{ ...BODY, name: 'a b' }, 'name', 'must be letters'],
    [{ ...BODY, name: '../x' }, 'name', 'must be letters'],
    [{ ...BODY, name: 'a'.repeat(64) }, 'name', 'at most 63'],
    [{ ...BODY, description: 'x'.repeat(1_001) }, 'description', 'at most 1000'],
    [{ ...BODY, enabled: 'yes' }, 'enabled', 'expected boolean'],
    [{ ...BODY, spec: { ...SPEC, table: 'forward' } }, 'spec.table', 'takes no raw flows'],
    [{ ...BODY, spec: { ...SPEC, match: { ipv4_dst: '10.0.0.9' } } }, 'spec.match.ipv4_dst', 'needs eth_type ipv4'],
    [
      { ...BODY, spec: { ...SPEC, instructions: [{ goto_table: 'guard' }] } },
      'spec.instructions',
      'a rule in steer goes to guard; it may go to forward',
    ],
    ['[]', '', 'expected object'],
  ])('refuses the body %j', async (body, path, message) => {
    const { send, services } = await startHarness();
    const { status, json } = await send(PATH, { method: 'POST', body });
    expect(status).toBe(400);
    expect(json).toMatchObject({ errors: [{ path, message: expect.stringContaining(message) as string }] });
    expect(services.policies.list()).toEqual([]);
  });

  it.each(['timeoutMs=60001', 'timeoutMs=-1', 'timeoutMs=soon', 'dryRun=yes', 'wait=1'])(
    'refuses ?%s',
    async (query) => {
      const { send, services } = await startHarness();
      expect((await send(`${PATH}?${query}`, { method: 'POST', body: BODY })).status).toBe(400);
      expect(services.policies.list()).toEqual([]);
    },
  );
});

describe('PUT /policies/{name}', () => {
  const { name: _, ...unnamed } = BODY;

  it('creates, replaces, and leaves alone what is the same', async () => {
    const { send } = await startHarness();
    const put = async (body: unknown) => {
      const { status, headers, json } = await send(WEB, { method: 'PUT', body });
      return [status, headers['location'], (json as { revision: number }).revision];
    };
    expect(await put(unnamed)).toEqual([201, WEB, 1]);
    expect(await put(BODY)).toEqual([200, undefined, 1]);
    expect(await put({ ...unnamed, description: 'for h9' })).toEqual([200, undefined, 2]);
    expect(await put(unnamed)).toEqual([200, undefined, 3]);
  });

  it('refuses another name in the body, and a name that is none in the address', async () => {
    const { send } = await startHarness();
    const { status, json } = await send(WEB, { method: 'PUT', body: { ...BODY, name: 'other' } });
    expect([status, json]).toMatchObject([400, { errors: [{ path: 'name' }] }]);
    expect((await send(`${PATH}/a%20b`, { method: 'PUT', body: unnamed })).status).toBe(400);
  });
});

describe('PATCH /policies/{name}', () => {
  const patch = (body: unknown, headers: SendOptions['headers'] = {}): SendOptions => ({
    method: 'PATCH',
    body,
    headers,
  });

  it('changes what it names, takes out what is null, and keeps the rest', async () => {
    const { send } = await withPolicy();
    const first = await send(WEB, patch({ spec: { priority: 7, match: { ipv4_dst: null } }, description: 'mine' }));
    expect(first).toMatchObject({
      status: 200,
      json: {
        revision: 2,
        description: 'mine',
        spec: { ...SPEC, priority: 7, match: { eth_type: 'ipv4' } },
        status: { phase: 'active', observedRevision: 2 },
      },
    });
    const type = { 'Content-Type': 'application/merge-patch+json' };
    const second = await send(WEB, patch({ description: null, enabled: false }, type));
    expect(second).toMatchObject({
      status: 200,
      json: { revision: 3, description: null, enabled: false, status: { phase: 'pending', rules: 0 } },
    });
  });

  it.each<[unknown, string]>([
    [{ spec: { match: { eth_type: null } } }, 'spec.match.ipv4_dst'],
    [{ spec: null }, 'spec'],
    [{ name: 'other' }, 'name'],
    [{ revision: 7 }, 'revision'],
    ['[]', ''],
  ])('refuses %j, and changes nothing', async (body, path) => {
    const { send } = await withPolicy();
    expect(await send(WEB, patch(body))).toMatchObject({ status: 400, json: { errors: [{ path }] } });
    expect((await send(WEB)).json).toEqual(WRITTEN);
  });

  it('answers 404 where there is none', async () => {
    const { send } = await startHarness();
    expect((await send(WEB, patch({ enabled: false }))).status).toBe(404);
  });
});

describe('DELETE /policies/{name}', () => {
  it('answers 204 when nothing is left of it, and 404 the next time', async () => {
    const { send, services } = await withPolicy();
    const { status, text } = await send(WEB, { method: 'DELETE' });
    expect([status, text]).toEqual([204, '']);
    expect(services.bed.held(dpid(1)).size).toBe(0);
    for (const method of ['DELETE', 'GET']) expect((await send(WEB, { method })).status).toBe(404);
  });

  it('answers 202 where rules are left when the time is over', async () => {
    const { send, services } = await withPolicy();
    services.bed.behave(dpid(1), 'silent');
    const answer = send(`${WEB}?timeoutMs=0`, { method: 'DELETE' });
    while (services.bed.policies.get('web')) await new Promise((resolve) => setImmediate(resolve));
    services.bed.clock.advance(0);
    expect(await answer).toMatchObject({ status: 202, json: { status: { phase: 'pending', rules: 1 } } });
  });
});

describe('If-Match', () => {
  it.each<[string, number]>([
    ['"1"', 200],
    ['1', 200],
    ['"7", "1"', 200],
    ['*', 200],
    ['"2"', 412],
    ['W/"1"', 412],
    ['"one"', 412],
    [Array(30).fill('"1"').join(), 400],
  ])('%s answers %i', async (tag, expected) => {
    const { send } = await withPolicy();
    const headers = { 'If-Match': tag };
    const { status, json } = await send(WEB, { method: 'PATCH', body: { description: 'new' }, headers });
    expect(status).toBe(expected);
    if (expected === 412)
      expect(json).toMatchObject({
        detail: 'The policy web is at revision 1 now; read it again and decide on what it says.',
      });
    expect((await send(WEB)).headers['etag']).toBe(expected === 200 ? '"2"' : '"1"');
  });

  it('counts for deletes, and for what is not there', async () => {
    const { send } = await withPolicy();
    const stale = { 'If-Match': '"9"' };
    expect((await send(WEB, { method: 'DELETE', headers: stale })).status).toBe(412);
    const { status } = await send(`${PATH}/new`, { method: 'PUT', body: { ...BODY, name: 'new' }, headers: stale });
    expect(status).toBe(412);
    expect((await send(WEB, { method: 'DELETE', headers: { 'If-Match': '"1"' } })).status).toBe(204);
  });
});

describe('?dryRun=true', () => {
  const rule = {
    type: 'flow',
    tableId: 5,
    tableName: 'steer',
    priority: 100,
    match: SPEC.match,
    instructions: SPEC.instructions,
    owner: { kind: 'flow', name: 'web' },
  };
  const plan = (change: object) => ({
    dryRun: true,
    switches: [{ dpid: dpid(1), name: 's1', added: [], changed: [], removed: [], omitted: 0, ...change }],
    conflicts: [],
    reason: null,
  });

  it('answers what each write would do, and does nothing', async () => {
    const { send, services } = await startHarness();
    const dry = async (method: string, path: string, body?: unknown) => {
      const { status, json } = await send(`${path}?dryRun=true`, { method, ...(body === undefined ? {} : { body }) });
      return [status, json];
    };
    expect(await dry('POST', PATH, BODY)).toEqual([200, plan({ added: [rule] })]);
    expect(await dry('PUT', WEB, BODY)).toEqual([200, plan({ added: [rule] })]);
    expect(services.policies.list()).toEqual([]);
    await send(PATH, { method: 'POST', body: BODY });
    expect(await dry('PATCH', WEB, { spec: { instructions: [] } })).toEqual([
      200,
      plan({ changed: [{ from: rule, to: { ...rule, instructions: [] } }] }),
    ]);
    expect(await dry('DELETE', WEB)).toEqual([200, plan({ removed: [rule] })]);
    expect((await send(WEB)).json).toEqual(WRITTEN);
  });

  it('names who would lose a place, and is refused where the write would be', async () => {
    const { send } = await withPolicy();
    const rival = { ...BODY, name: 'a', spec: { ...SPEC, instructions: [] } };
    expect((await send(`${PATH}?dryRun=true`, { method: 'POST', body: rival })).json).toMatchObject({
      conflicts: [{ dpid: dpid(1), holder: { kind: 'flow', name: 'a' }, refused: { kind: 'flow', name: 'web' } }],
    });
    expect((await send(`${PATH}?dryRun=true`, { method: 'POST', body: BODY })).status).toBe(409);
    expect((await send(`${PATH}/none?dryRun=true`, { method: 'DELETE' })).status).toBe(404);
  });
});

describe('the document', () => {
  it('says what each kind of policy takes', async () => {
    const { send } = await startHarness();
    const text = (await send('/api/v1/openapi.json')).text;
    const document = JSON.parse(text) as {
      paths: Record<string, Record<string, { parameters: { name: string; in: string }[]; requestBody: unknown }>>;
    };
    const post = document.paths[PATH]!['post']!;
    expect(post.parameters.map((each) => `${each.in} ${each.name}`)).toEqual([
      'query timeoutMs',
      'query dryRun',
      'header if-match',
    ]);
    const body = JSON.stringify(post.requestBody);
    for (const part of [
      '"guard"',
      '"shape"',
      '"service"',
      '"steer"',
      '"ipv4_dst":"10.0.0.9"',
      '"additionalProperties":false',
    ])
      expect(body).toContain(part);
  });
});
