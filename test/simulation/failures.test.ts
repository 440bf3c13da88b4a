/**
 * Connected graphs of up to five switches, however they are numbered, and every single failure of a link or a switch: with the
 * tables that are desired then, all whom the graph still joins are whole again. `test/ovs/model.test.ts` holds the model switches
 * against real ones, `reconcile.test.ts` plays how they come to hold what is desired.
 */
import { expect, it } from 'vitest';
import { appsFor } from '../../src/apps/index.ts';
import { createManualClock } from '../../src/core/manual-clock.ts';
import type { Dpid } from '../../src/core/ids.ts';
import { DesiredTables } from '../../src/flows/desired/tables.ts';
import { Network } from '../../src/topology/network.ts';
import { DisjointSets } from '../../src/topology/paths/tree.ts';
import { hostAt, portOf, switchOf } from '../../src/topology/testing/facts.ts';
import { connectedGraphs } from '../../src/topology/testing/graphs.ts';
import type { TestGraph, TestLink } from '../../src/topology/testing/graphs.ts';
import { ModelNetwork } from '../support/model-network.ts';

/** All 771 graphs, and 8,100 failures, with EVERY=1 in the environment. */
const EVERY = Number(process.env['EVERY'] ?? 7);
const HOST_PORT = 100;
const BROADCAST = 0xffffffffffff;
/** Each bit of the lowest four both ways: enough to have every one of two next hops chosen, at any distance. */
const HASHES = [0, 5, 10, 15];

interface Failure {
  readonly name: string;
  readonly links: readonly TestLink[];
  readonly dead: Dpid | undefined;
}

function failuresOf({ dpids, links }: TestGraph): Failure[] {
  const ofLinks = links.map((link) => ({ name: link.id, links: [link], dead: undefined }));
  const ofSwitches = dpids.map((dpid) => ({
    name: dpid,
    links: links.filter(({ a, b }) => a.dpid === dpid || b.dpid === dpid),
    dead: dpid,
  }));
  return [...ofLinks, ...ofSwitches];
}

class Lab {
  readonly network = new Network(createManualClock());
  readonly desired = new DesiredTables(appsFor('proactive'));
  readonly model = new ModelNetwork();
  readonly #dead = new Set<Dpid>();
  readonly #graph: TestGraph;

  constructor(graph: TestGraph) {
    this.#graph = graph;
    this.network.onUpdate((update) => {
      for (const [dpid] of this.desired.update(update)) {
        this.model.switches.get(dpid)!.load(this.desired.of(dpid));
      }
    });
    for (const dpid of graph.dpids) {
      this.model.add(dpid);
      this.#addSwitch(dpid);
    }
    for (const link of graph.links) this.#addLink(link);
    this.network.flush();
  }

  /** Links and switches fail: the network is told, as discovery would. */
  fail({ links, dead }: Failure): void {
    for (const { id, a, b } of links) {
      this.model.cut(a, b);
      this.network.setLink(id, undefined);
      for (const end of [a, b]) this.network.setPort(end.dpid, end.port, portOf(end.port, 'fabric', false));
    }
    if (dead !== undefined) {
      this.#dead.add(dead);
      this.network.setHost(macOf(dead), undefined);
      this.network.setSwitch(dead, undefined);
    }
    this.network.flush();
  }

  mend({ links, dead }: Failure): void {
    if (dead !== undefined) {
      this.#dead.delete(dead);
      this.#addSwitch(dead);
    }
    for (const link of links) this.#addLink(link);
    this.network.flush();
  }

  /** Pairs of hosts that do not hear each other as they should. */
  wrong(): string[] {
    const alive = this.#graph.dpids.filter((dpid) => !this.#dead.has(dpid));
    const joined = new DisjointSets();
    for (const { a, b } of this.network.view.links.values()) joined.join(a.dpid, b.dpid);
    const found: string[] = [];
    for (const from of alive) {
      const near = alive.filter((dpid) => dpid !== from && joined.find(dpid) === joined.find(from));
      const heard = this.#send(from, BROADCAST, 0);
      if (heard.sort().join() !== near.sort().join()) found.push(`${from} to all: ${heard.join()}`);
      for (const to of near) {
        for (const hash of HASHES) {
          const arrived = this.#send(from, macOf(to), hash);
          if (arrived.join() !== to) found.push(`${from} to ${to}, hash ${hash}: ${arrived.join()}`);
        }
      }
    }
    return found;
  }

  #send(from: Dpid, ethDst: number, hash: number): Dpid[] {
    const frame = { ethDst, ethSrc: macOf(from), ethType: 0x88b5 };
    const { delivered, circle } = this.model.send({ dpid: from, port: HOST_PORT }, frame, hash);
    return circle ? ['circle'] : delivered.map(({ dpid }) => dpid);
  }

  #addSwitch(dpid: Dpid): void {
    const at = { dpid, port: HOST_PORT };
    this.network.setSwitch(dpid, switchOf(dpid, [portOf(HOST_PORT, 'host')]));
    this.network.setHost(macOf(dpid), hostAt(macOf(dpid), at));
  }

  #addLink({ id, a, b }: TestLink): void {
    this.model.connect(a, b);
    for (const end of [a, b]) this.network.setPort(end.dpid, end.port, portOf(end.port, 'fabric'));
    this.network.setLink(id, { id, a, b, bidirectional: true });
  }
}

function macOf(dpid: Dpid): number {
  return 0x0200_0000_0000 + Number.parseInt(dpid, 16);
}

it('any single failure of a link or a switch leaves all whole that are still joined', { timeout: 120_000 }, () => {
  const chosen = [...connectedGraphs(5)].filter(({ dpids }, index) => dpids.length < 5 || index % EVERY === 0);
  for (const graph of chosen) {
    const lab = new Lab(graph);
    for (const failure of failuresOf(graph)) {
      lab.fail(failure);
      expect(lab.wrong(), `without ${failure.name}`).toEqual([]);
      lab.mend(failure);
    }
    expect(lab.wrong(), 'when all is back').toEqual([]);
  }
  expect(chosen.length).toBeGreaterThanOrEqual(43 + Math.floor(728 / EVERY));
});
