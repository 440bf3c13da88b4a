import { describe, expect, it } from 'vitest';
import { dpidOf, fatTree, linear, macOf, mesh, single, torus, tree } from '../testing/topologies.ts';
import { LINK_LENGTH } from './arrange/geometry.ts';
import type { Point } from './arrange/geometry.ts';
import { createLayout } from './layout.ts';
import type { Layout } from './layout.ts';
import { hostKey, switchKey } from './layout-node.ts';
import { applyMessage } from './state.ts';
import type { Network } from './state.ts';
import type { LinkInfo, SnapshotMessage, StreamEvent, SwitchInfo } from './wire.ts';

function networkOf(snapshot: SnapshotMessage): Network {
  const applied = applyMessage(undefined, snapshot);
  if (applied.kind === 'gap') throw new Error('a snapshot is never a gap');
  return applied.network;
}

function after(network: Network, ...events: StreamEvent[]): Network {
  const applied = applyMessage(network, { type: 'change', version: network.version + 1, events });
  if (applied.kind === 'gap') throw new Error('a gap where none was expected');
  return applied.network;
}

function settled(network: Network): Layout {
  const layout = createLayout({ now: () => 0 });
  layout.update(network);
  layout.settle();
  return layout;
}

function places(layout: Layout): Map<string, Point> {
  return new Map(layout.nodes().map(({ key, x, y }) => [key, { x, y }]));
}

/** How far the node that moved most went between two states; only nodes that are in both. */
function furthest(before: ReadonlyMap<string, Point>, now: ReadonlyMap<string, Point>): number {
  const moves = [...before].map(([key, was]) => {
    const is = now.get(key);
    return is === undefined ? 0 : Math.hypot(is.x - was.x, is.y - was.y);
  });
  return Math.max(...moves);
}

function newSwitch(index: number, to: string, port: number): { readonly info: SwitchInfo; readonly link: LinkInfo } {
  const [pattern] = linear(2).switches;
  if (!pattern) throw new Error('the line of two is empty');
  const dpid = dpidOf(index);
  const ports = pattern.ports.filter(({ kind }) => kind === 'fabric');
  const [a, b] = [
    { dpid: to, port },
    { dpid, port: 2 },
  ];
  const link = { id: `${to}:${port}-${dpid}:2`, a, b, up: true, bidirectional: true };
  return { info: { ...pattern, dpid, name: `s${index + 1}`, ports }, link };
}

describe('the layout', () => {
  it.each([
    ['a fat tree', fatTree(4)],
    ['a larger fat tree', fatTree(8)],
    ['a torus', torus(3, 3)],
    ['a tree', tree(3, 2)],
    ['a line', linear(7)],
    ['one switch', single(40)],
    ['a mesh', mesh(60, 140)],
  ])('leaves no two nodes of %s on each other', (_name, snapshot) => {
    const nodes = settled(networkOf(snapshot)).nodes();
    let nearest = Infinity;
    nodes.forEach((a, i) => {
      for (const b of nodes.slice(i + 1)) nearest = Math.min(nearest, Math.hypot(a.x - b.x, a.y - b.y));
    });
    expect(nearest).toBeGreaterThan(24);
  });

  it('draws a fat tree in storeys: cores over aggregation over edge over hosts, pods together', () => {
    const layout = settled(networkOf(fatTree(4)));
    const at = (index: number): Point => layout.node(switchKey(dpidOf(index))) ?? { x: Number.NaN, y: Number.NaN };
    const pods = [0, 1, 2, 3].map((pod) => [0, 1, 2, 3].map((i) => at(4 + pod * 4 + i)));
    for (const [agg1, agg2, edge1, edge2] of pods) {
      if (!agg1 || !agg2 || !edge1 || !edge2) throw new Error('a pod has four switches');
      expect(Math.abs(agg1.y - agg2.y)).toBeLessThan(1);
      expect(agg1.y).toBeLessThan(edge1.y - 60);
      expect(at(0).y).toBeLessThan(agg1.y - 60);
      expect(Math.abs((agg1.x + agg2.x) / 2 - (edge1.x + edge2.x) / 2)).toBeLessThan(5);
    }
    const right = pods.map((pod) => Math.max(...pod.map(({ x }) => x)));
    const left = pods.map((pod) => Math.min(...pod.map(({ x }) => x)));
    expect(left.slice(1).every((x, i) => x > (right[i] ?? Infinity))).toBe(true);
    expect(layout.node(hostKey(macOf(0)))?.y).toBeGreaterThan(at(6).y + 40);
  });

  it('draws a torus in its rows and columns', () => {
    const layout = settled(networkOf(torus(3, 4)));
    for (let index = 0; index < 12; index++) {
      const node = layout.node(switchKey(dpidOf(index)));
      const row = layout.node(switchKey(dpidOf(index - (index % 4))));
      const column = layout.node(switchKey(dpidOf(index % 4)));
      expect(node?.y).toBeCloseTo(row?.y ?? Number.NaN, 0);
      expect(node?.x).toBeCloseTo(column?.x ?? Number.NaN, 0);
    }
  });

  it('draws the same network the same each time', () => {
    const snapshot = mesh(40, 80);
    expect(places(settled(networkOf(snapshot)))).toEqual(places(settled(networkOf(snapshot))));
  });

  it('comes to rest, and stays there', () => {
    const layout = settled(networkOf(fatTree(4)));
    const before = places(layout);
    expect(layout.tick()).toBe(false);
    expect(places(layout)).toEqual(before);
  });

  it('moves nothing for a change of state, a lost link or one that comes back', () => {
    const network = networkOf(fatTree(4));
    const layout = settled(network);
    const before = places(layout);
    const [info] = network.switches.values();
    const [link] = network.links.values();
    if (!info || !link) throw new Error('the fat tree is empty');
    const offline = after(
      network,
      { type: 'switch', switch: { ...info, connected: false } },
      { type: 'link-removed', id: link.id },
    );
    expect(layout.update(offline)).toBe(false);
    layout.update(after(offline, { type: 'link', link }));
    layout.settle();
    expect(furthest(before, places(layout))).toBeLessThan(0.5);
  });

  it('starts a newcomer beside its neighbour, and moves nothing else for it', () => {
    const network = networkOf(fatTree(4));
    const layout = settled(network);
    const before = places(layout);
    const { info, link } = newSwitch(50, dpidOf(7), 9);
    layout.update(after(network, { type: 'switch', switch: info }, { type: 'link', link }));
    const node = layout.node(switchKey(info.dpid));
    const neighbour = layout.node(switchKey(dpidOf(7)));
    if (!node || !neighbour) throw new Error('the newcomer or its neighbour is missing');
    expect(Math.hypot(node.x - neighbour.x, node.y - neighbour.y)).toBeLessThan(LINK_LENGTH);
    layout.settle();
    expect(furthest(before, places(layout))).toBeLessThan(40);
    const others = [...before].filter(([key]) => key.startsWith('s:') && key !== neighbour.key);
    const moved = others.filter(
      ([key, was]) => Math.hypot((layout.node(key)?.x ?? 0) - was.x, (layout.node(key)?.y ?? 0) - was.y) > 2,
    );
    expect(moved.length).toBeLessThanOrEqual(2);
  });

  it('keeps what is pinned when a host comes to a small network', () => {
    const snapshot = single(4);
    const network = networkOf({ ...snapshot, hosts: snapshot.hosts.slice(0, 2) });
    const layout = settled(network);
    const key = hostKey(macOf(0));
    layout.dragTo(key, { x: 300, y: 300 });
    layout.drop(key);
    layout.settle();
    const [pattern] = snapshot.hosts;
    if (!pattern) throw new Error('the switch has no host');
    layout.update(after(network, { type: 'host', host: { ...pattern, mac: macOf(40), port: 40 } }));
    layout.settle();
    expect([layout.node(key)?.x, layout.node(key)?.y]).toEqual([300, 300]);
  });

  it('lets a switch whose link is found later come to its neighbour', () => {
    const network = networkOf(fatTree(4));
    const layout = settled(network);
    const { info, link } = newSwitch(50, dpidOf(0), 9);
    const alone = after(network, { type: 'switch', switch: info });
    layout.update(alone);
    layout.settle();
    layout.update(after(alone, { type: 'link', link }));
    layout.settle();
    const [a, b] = [layout.node(switchKey(info.dpid)), layout.node(switchKey(dpidOf(0)))];
    expect(Math.hypot((a?.x ?? 0) - (b?.x ?? 0), (a?.y ?? 0) - (b?.y ?? 0))).toBeLessThan(LINK_LENGTH * 1.6);
  });

  it('puts a host that moved beside its new switch', () => {
    const network = networkOf(fatTree(4));
    const layout = settled(network);
    const host = network.hosts.get(macOf(0));
    if (!host) throw new Error('the first host is missing');
    layout.update(after(network, { type: 'host', host: { ...host, switch: dpidOf(19), port: 9 } }));
    layout.settle();
    const [a, b] = [layout.node(hostKey(host.mac)), layout.node(switchKey(dpidOf(19)))];
    expect(Math.hypot((a?.x ?? 0) - (b?.x ?? 0), (a?.y ?? 0) - (b?.y ?? 0))).toBeLessThan(120);
  });

  it('ends a growth in the picture that a snapshot of the whole would give', () => {
    const whole = fatTree(4);
    let now = 0;
    const layout = createLayout({ now: () => now });
    // As a controller sees it: what a port leads to is known some time after the switch.
    const early = whole.switches.map((info) => ({
      ...info,
      ports: info.ports.map((port) => ({ ...port, kind: 'unknown' as const })),
    }));
    let network = networkOf({ ...whole, switches: early.slice(0, 1), links: [], hosts: [] });
    layout.update(network);
    const events: StreamEvent[] = [
      ...early.slice(1).map((info): StreamEvent => ({ type: 'switch', switch: info })),
      ...whole.links.map((link): StreamEvent => ({ type: 'link', link })),
      ...whole.switches.map((info): StreamEvent => ({ type: 'switch', switch: info })),
      ...whole.hosts.map((host): StreamEvent => ({ type: 'host', host })),
    ];
    for (const event of events) {
      now += 50;
      network = after(network, event);
      layout.update(network);
      layout.tick();
    }
    layout.settle();
    expect(furthest(places(layout), places(settled(networkOf(whole))))).toBeLessThan(2);
  });

  it('keeps places across visits', () => {
    const network = networkOf(mesh(30, 60));
    const first = settled(network);
    first.dragTo(switchKey(dpidOf(3)), { x: 900, y: 900 });
    first.drop(switchKey(dpidOf(3)));
    first.settle();
    const second = createLayout({ remembered: first.remember(), now: () => 0 });
    second.update(network);
    second.settle();
    expect(furthest(places(first), places(second))).toBeLessThan(1);
    expect(second.node(switchKey(dpidOf(3)))?.fx).toBe(900);
  });

  it('forgets places when another network comes under the same dpids', () => {
    const remembered = settled(networkOf(fatTree(4))).remember();
    const layout = createLayout({ remembered, now: () => 0 });
    layout.update(networkOf(torus(4, 5)));
    layout.settle();
    expect(furthest(places(layout), places(settled(networkOf(torus(4, 5)))))).toBeLessThan(1);
  });

  it('pins what is dragged, takes its hosts along, and lets it go home again', () => {
    const layout = settled(networkOf(tree(3, 2)));
    const key = switchKey(dpidOf(2));
    const home = places(layout).get(key) ?? { x: 0, y: 0 };
    layout.dragTo(key, { x: home.x - 400, y: home.y + 300 });
    for (let i = 0; i < 40; i++) layout.tick();
    layout.drop(key);
    layout.settle();
    const [node, host] = [layout.node(key), layout.node(hostKey(macOf(0)))];
    expect([node?.x, node?.y]).toEqual([home.x - 400, home.y + 300]);
    expect(Math.hypot((host?.x ?? 0) - (node?.x ?? 0), (host?.y ?? 0) - (node?.y ?? 0))).toBeLessThan(120);
    layout.release(key);
    layout.settle();
    expect(Math.hypot((layout.node(key)?.x ?? 0) - home.x, (layout.node(key)?.y ?? 0) - home.y)).toBeLessThan(2);
  });

  it('takes 500 switches and 1,500 links without work that grows with the square of the network', () => {
    const network = networkOf(mesh(500, 1500));
    const layout = createLayout({ now: () => 0 });
    const start = performance.now();
    layout.update(network);
    const arranged = performance.now() - start;
    const steps = 30;
    for (let i = 0; i < steps; i++) layout.tick();
    const step = (performance.now() - start - arranged) / steps;
    // Wide margins, about eight times what it takes, since a shared machine may be busy.
    expect(arranged).toBeLessThan(5000);
    expect(step).toBeLessThan(50);
  });
});
