import { describe, expect, it } from 'vitest';
import type { EntryType, Happening } from '../../timeline/entry.ts';
import { startHarness } from '../testing/harness.ts';

function happening(type: EntryType, name: string): Happening {
  const owner = type === 'rule.war' ? { kind: 'forward', name } : undefined;
  const subject = { kind: 'host', id: name, name, dpid: owner && '0000000000000001', owner } as const;
  return { type, subject, message: `${name}.`, cause: owner && 'So.' };
}

interface EventsAnswer {
  readonly items: readonly { id: number; at: string; subject: { name: string } }[];
  readonly next: number;
  readonly more: boolean;
  readonly dropped: boolean;
}

async function start() {
  const { send, services } = await startHarness();
  services.timeline.record([happening('host.seen', 'a'), happening('link.down', 'b')]);
  services.timeline.record([happening('link.up', 'c'), happening('rule.war', 'd')]);
  const events = async (query: string): Promise<EventsAnswer> =>
    (await send(`/api/v1/events${query}`)).json as EventsAnswer;
  const names = async (query: string): Promise<string> =>
    (await events(query)).items.map(({ subject }) => subject.name).join('');
  return { send, services, events, names };
}

describe('GET /events', () => {
  it('shows what happened, to whom and why, newest last', async () => {
    const { events, names } = await start();
    expect(await names('')).toBe('abcd');
    const { items, next } = await events('?limit=2');
    expect(items).toMatchObject([
      { type: 'link.up', severity: 'info', cause: null, subject: { kind: 'host', id: 'c', dpid: null, owner: null } },
      {
        type: 'rule.war',
        severity: 'alarm',
        message: 'd.',
        cause: 'So.',
        subject: { dpid: '0000000000000001', owner: { kind: 'forward', name: 'd' } },
      },
    ]);
    expect(next).toBe(items[1]?.id);
    expect(items[0]?.at).toMatch(/^20\d\d-.*Z$/);
  });

  it('goes on where it is told to, and says where to go on from there', async () => {
    const { events, services } = await start();
    const first = await events('?since=0&limit=3');
    expect([first.items.length, first.more, first.dropped]).toEqual([3, true, false]);
    const second = await events(`?since=${first.next}`);
    expect([second.items.length, second.more]).toEqual([1, false]);
    services.timeline.record([happening('host.seen', 'e')]);
    expect((await events(`?since=${second.next}`)).items).toMatchObject([{ subject: { name: 'e' } }]);
  });

  it('begins with a moment, with whatever zone', async () => {
    const { events, names } = await start();
    const at = (await events('')).items[0]?.at ?? '';
    expect(await names(`?since=${at}`)).toBe('abcd');
    const local = new Date(Date.parse(at) + 3_600_000).toISOString().replace('Z', '+01:00');
    expect(await names(`?since=${local}`)).toBe('abcd');
    expect(await names(`?since=${encodeURIComponent(local)}`)).toBe('abcd');
    expect(await events('?since=2000-01-01T00:00Z')).toMatchObject({ dropped: true });
    expect(await names('?since=2999-01-01T00:00:00Z')).toBe('');
  });

  it('chooses by type, and by the first part of one', async () => {
    const { names } = await start();
    expect(await names('?type=link')).toBe('bc');
    expect(await names('?type=link.down,rule')).toBe('bd');
    expect(await names('?since=0&type=host.moved')).toBe('');
  });

  it.each([
    ['since=yesterday', 'since', 'must be the id of an event, or a time like 2026-01-02T03:04:05Z'],
    ['since=2026-02-30', 'since', 'must be the id'],
    ['since=-1', 'since', 'must be the id'],
    ['since=2026-01-02T25:00:00Z', 'since', 'must be the id'],
    ['since=', 'since', 'must be the id'],
    ['limit=0', 'limit', 'must be a whole number from 1 to 1000'],
    ['limit=1001', 'limit', 'must be a whole number'],
    ['type=', 'type', 'has unknown types ()'],
    ['type=link,lin', 'type', 'has unknown types (lin): say some of switch.connected, '],
    ['kind=link', 'kind', 'is not a parameter of this request; known: since, limit, type'],
  ])('refuses %s', async (query, path, message) => {
    const { send } = await start();
    const { status, json } = await send(`/api/v1/events?${query}`);
    expect(status).toBe(400);
    expect(json).toMatchObject({ errors: [{ path, message: expect.stringContaining(message) as string }] });
  });
});
