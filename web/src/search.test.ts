import { describe, expect, it } from 'vitest';
import { fatTree } from '../testing/topologies.ts';
import { RESULT_LIMIT, search } from './search.ts';
import { applyMessage, NO_NETWORK } from './state.ts';

const applied = applyMessage(undefined, fatTree(4));
const network = applied.kind === 'applied' ? applied.network : NO_NETWORK;

describe('search', () => {
  it.each([
    ['e3', 'switch:000000000000000b'],
    ['E3', 'switch:000000000000000b'],
    ['000000000000000b', 'switch:000000000000000b'],
    ['0xb', 'switch:000000000000000b'],
    ['10.0.0.4', 'host:00:00:00:00:00:04'],
    ['h5', 'host:00:00:00:00:00:05'],
    ['00:00:00:00:00:07', 'host:00:00:00:00:00:07'],
    ['00-00-00-00-00-07', 'host:00:00:00:00:00:07'],
    ['a1-e2', 'link:0000000000000005:4-0000000000000008:3'],
    ['e2-a1', 'link:0000000000000005:4-0000000000000008:3'],
  ])('finds by %s', (query, expected) => {
    const [best] = search(network, query);
    expect(best && `${best.selection.kind}:${best.selection.id}`).toBe(expected);
  });

  it('puts the exact before the similar', () => {
    expect(search(network, '10.0.0.1').map(({ label }) => label)[0]).toBe('h1');
  });

  it('finds nothing for nothing, and no more than fit', () => {
    expect(search(network, '   ')).toEqual([]);
    expect(search(network, 'nowhere')).toEqual([]);
    expect(search(network, '10.0')).toHaveLength(RESULT_LIMIT);
  });
});
