/** Whole questions for paths, with all that they may ask for at once, held against every path there is. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PathAnswer, PathQuery, PathRecord } from '../northbound/services.ts';
import { allGraphs, arbitraryConnectedGraph, arbitraryGraph, connectedGraphs } from '../topology/testing/graphs.ts';
import type { TestGraph } from '../topology/testing/graphs.ts';
import { findPaths } from './path-service.ts';
import { bestPair, pathsAsked, scoreOf, sharedBy } from './testing/path-oracle.ts';
import type { KnownPath } from './testing/path-oracle.ts';
import { scenarioOf } from './testing/path-scenarios.ts';
import type { Scenario } from './testing/path-scenarios.ts';

describe('the answer to a question for paths', () => {
  it('is the best paths of all that are as asked for, on every connected graph of up to six switches', () => {
    let seed = 0;
    for (const graph of connectedGraphs(6)) expectBest(scenarioOf(graph, ++seed));
  });

  it('is so on every graph of up to four switches, those that fall apart among them, for many questions', () => {
    let seed = 0;
    for (const graph of allGraphs(4)) for (let i = 0; i < 30; i++) expectBest(scenarioOf(graph, --seed));
  });

  it.each<[string, fc.Arbitrary<TestGraph>]>([
    ['eight to twelve switches', arbitraryConnectedGraph(10)],
    ['up to seven switches with parallel links', arbitraryGraph(7, 14)],
  ])('is so on graphs of %s', (_which, graphs) => {
    fc.assert(
      fc.property(graphs, fc.nat(2 ** 30), (graph, seed) => expectBest(scenarioOf(graph, seed))),
      { numRuns: 1_000, seed: 1 },
    );
  });
});

function expectBest(scenario: Scenario): void {
  const { network, facts, query } = scenario;
  const answer = findPaths(network, query);
  const known = pathsAsked(facts, query);
  if (known.length === 0) {
    if (answer.paths.length > 0) expect(answer.paths, JSON.stringify(query)).toEqual([]);
    expectReason(scenario, answer);
  } else if (query.disjoint) expectPair(scenario, answer, known);
  else expectInOrder(scenario, answer, known);
}

function expectInOrder({ query }: Scenario, answer: PathAnswer, known: readonly KnownPath[]): void {
  const best = known.slice(0, query.k).map((path) => shownKnown(query, path));
  const found = answer.paths.map(shown);
  if (found.join('; ') !== best.join('; ')) expect(found, JSON.stringify(query)).toEqual(best);
  if (answer.reason !== undefined) expect(answer.reason).toBeUndefined();
}

/** Two paths as asked for, or one twice, that share as little and cost as little as any two, and what they share. */
function expectPair({ query }: Scenario, { paths, shared, reason }: PathAnswer, known: readonly KnownPath[]): void {
  const among = new Map(known.map((path) => [shownKnown(query, path), path]));
  const [first, second = first] = paths.map((path) => among.get(shown(path)));
  if (!first || !second) return expect(paths.map(shown), JSON.stringify(query)).toBe('paths as asked for');
  const best = bestPair(known, query)!;
  if (scoreOf([first, second], query).join() !== best.join())
    expect([scoreOf([first, second], query), paths.map(shown)], JSON.stringify(query)).toEqual([best]);
  const common = sharedBy([first, second], query);
  if (JSON.stringify(shared) !== JSON.stringify(common)) expect(shared, JSON.stringify(query)).toEqual(common);
  const isDisjoint = best[0] === 0 && best[1] === 0;
  if (isDisjoint !== (reason === undefined) || paths.length !== new Set([first, second]).size)
    expect([reason, paths.length], JSON.stringify(query)).toBe('in keeping with it');
}

/** Costs are printed in three decimals: they are the same then as sums in other orders. */
function shown({ cost, hops, links }: PathRecord): string {
  return `${cost.toFixed(3)} by ${hops.map(({ inPort, outPort }) => `${inPort}>${outPort}`).join()} ${links.join()}`;
}

function shownKnown({ metric }: PathQuery, { cost, steps }: KnownPath): string {
  const hops = [undefined, ...steps].map((step, index) => `${step?.in.port}>${steps[index]?.out.port}`);
  const units = metric === 'latency' ? 1_000 : 1;
  return `${(cost / units).toFixed(3)} by ${hops.join()} ${steps.map(({ link }) => link.id).join()}`;
}

type Constraint = 'avoid' | 'via' | 'minBandwidthBps' | 'maxLatencyMs';

/** What a reason says, and which constraint it finds fault with. */
const REASONS: readonly (readonly [RegExp, Constraint | 'nothing' | 'all' | 'contradiction'])[] = [
  [/is to be avoided and to be/, 'contradiction'],
  [/asks for it twice, or out of order/, 'contradiction'],
  [/leads nowhere else, so leave via out/, 'contradiction'],
  [/^No links lead/, 'nothing'],
  [/goes by what is to be avoided/, 'avoid'],
  [/has a link with less than \d+ bit\/s free/, 'minBandwidthBps'],
  [/^The quickest path .* takes/, 'maxLatencyMs'],
  [/without meeting a switch twice/, 'via'],
  [/holds to all of/, 'all'],
];

/** The reason is true. */
function expectReason({ facts, query }: Scenario, { reason = '' }: PathAnswer): void {
  const says = REASONS.find(([pattern]) => pattern.test(reason))?.[1];
  const given = CONSTRAINTS.filter((constraint) => query[constraint] !== undefined);
  const isPossible = (...left: readonly Constraint[]): boolean => pathsAsked(facts, without(query, left)).length > 0;
  const anyAlone = given.some((constraint) => isPossible(constraint));
  switch (says) {
    case 'nothing':
      return expectTrue(!isPossible(...given), reason);
    case 'all':
      return expectTrue(isPossible(...given) && !anyAlone, reason);
    case 'contradiction':
      return expectTrue(isContradictory(query), reason);
    case undefined:
      return expectTrue(false, reason);
    default:
      expectTrue(isPossible(says) && !isContradictory(query), reason);
      // It speaks of all paths, or of those that hold to the rest, and says which.
      expectTrue(!isPossible(...given.filter((one) => one !== says && !reason.includes(one))), reason);
      if (says === 'maxLatencyMs') expectQuickest({ facts, query }, reason);
  }
}

const CONSTRAINTS: readonly Constraint[] = ['avoid', 'via', 'minBandwidthBps', 'maxLatencyMs'];

function without(query: PathQuery, left: readonly Constraint[]): PathQuery {
  return { ...query, ...Object.fromEntries(left.map((constraint) => [constraint, undefined])) };
}

/** No network could have such a path. */
function isContradictory({ from, to, via = [], avoid }: PathQuery): boolean {
  const between = via.slice(Number(via[0] === from.dpid));
  if (between.at(-1) === to.dpid) between.pop();
  const passed = from.dpid === to.dpid && between.length === 0 ? [from.dpid] : [from.dpid, ...between, to.dpid];
  return new Set(passed).size < passed.length || passed.some((dpid) => avoid?.switches.includes(dpid));
}

function expectQuickest({ facts, query }: Pick<Scenario, 'facts' | 'query'>, reason: string): void {
  const us = pathsAsked(facts, without(query, ['maxLatencyMs'])).map(({ latencyUs }) => latencyUs);
  expect(reason).toContain(` takes ${Math.min(...us) / 1_000} ms,`);
}

function expectTrue(isTrue: boolean, what: string): void {
  if (!isTrue) expect(what).toBe('true');
}
