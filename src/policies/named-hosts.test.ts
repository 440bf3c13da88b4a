import { describe, expect, it } from 'vitest';
import { EMPTY_VIEW } from '../topology/view.ts';
import { NamedHosts } from './named-hosts.ts';

function viewWith(policies: Readonly<Record<string, object>>) {
  const entries = Object.entries(policies).map(
    ([name, match]) => [name, { name, kind: 'flow', spec: { match }, revision: 1 }] as const,
  );
  return { ...EMPTY_VIEW, policies: new Map(entries) };
}
const to = (ip: string) => ({ eth_type: 'ipv4', ipv4_dst: ip });

describe('the hosts that policies name', () => {
  it('are those of the policies in force, each once', () => {
    const named = new NamedHosts();
    const view = viewWith({ a: to('10.0.0.1'), b: to('10.0.0.2'), c: to('10.0.0.1'), d: {} });
    expect(named.update(view, ['a', 'b', 'c', 'd'])).toEqual(['10.0.0.1', '10.0.0.2', '10.0.0.1']);
    expect([...named.all()].sort()).toEqual(['10.0.0.1', '10.0.0.2']);
  });

  it('follow a policy that changes, is disabled or deleted', () => {
    const named = new NamedHosts();
    named.update(viewWith({ a: to('10.0.0.1'), b: to('10.0.0.2') }), ['a', 'b']);
    expect(named.update(viewWith({ a: to('10.0.0.3') }), ['a', 'b'])).toEqual(['10.0.0.3']);
    expect([...named.all()]).toEqual(['10.0.0.3']);
    expect(named.update(viewWith({}), ['a'])).toEqual([]);
    expect(named.all().size).toBe(0);
  });

  it('are none of a kind that is not known', () => {
    const policy = { name: 'a', kind: 'other', spec: {}, revision: 1 };
    expect(new NamedHosts().update({ ...EMPTY_VIEW, policies: new Map([['a', policy]]) }, ['a'])).toEqual([]);
  });
});
