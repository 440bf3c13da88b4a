/** What there is to draw, flattened into arrays once per change so that a frame only walks them. */
import { hostLabel, linkState, shorten, switchLabel } from '../labels.ts';
import type { LayoutNode } from '../layout-node.ts';
import { hostKey, switchKey } from '../layout-node.ts';
import { bendAround } from './bend.ts';
import type { Selection } from '../selection.ts';
import type { Network } from '../state.ts';
import type { LinkInfo } from '../wire.ts';

export const NODE = { SWITCH: 0, OFFLINE: 1, HOST: 2 } as const;
export const LINE = { UP: 0, ONE_WAY: 1, DOWN: 2, HOST: 3 } as const;

export interface Scene {
  readonly nodes: readonly LayoutNode[];
  readonly nodeStyle: Uint8Array;
  readonly labels: readonly string[];
  readonly indexOf: ReadonlyMap<string, number>;
  /** Lines: indices of their ends, style, and how far from straight they run in the middle (world units). */
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly lineStyle: Uint8Array;
  readonly bow: Float32Array;
  /** Keys of lines: `l:` and the link's id, or the host's key. */
  readonly lineKeys: readonly string[];
  readonly lineOf: ReadonlyMap<string, number>;
  /** Port numbers at the two ends of links; 0 at the host's end of a host's line. */
  readonly ports: Int32Array;
  /** Where nodes are on screen in this frame: x, y, x, y… */
  readonly screen: Float32Array;
}

const LABEL_LENGTH = { switch: 18, host: 16 } as const;
/** Between the middles of parallel links. */
const PARALLEL_GAP = 16;

export function linkKey(id: string): string {
  return `l:${id}`;
}

export function keyOf(selection: Selection): string {
  if (selection.kind === 'switch') return switchKey(selection.id);
  return selection.kind === 'host' ? hostKey(selection.id) : linkKey(selection.id);
}

/** The thing a key names. A host's own line is the host. */
export function selectionOf(key: string): Selection {
  const id = key.slice(2);
  if (key.startsWith('s:')) return { kind: 'switch', id };
  return key.startsWith('h:') ? { kind: 'host', id } : { kind: 'link', id };
}

export function buildScene(network: Network, nodes: readonly LayoutNode[]): Scene {
  const indexOf = new Map(nodes.map((node, index) => [node.key, index]));
  const nodeStyle = Uint8Array.from(nodes, (node) => {
    if (node.kind === 'host') return NODE.HOST;
    return network.switches.get(node.id)?.connected === false ? NODE.OFFLINE : NODE.SWITCH;
  });
  const labels = nodes.map((node) => {
    const host = node.kind === 'host' ? network.hosts.get(node.id) : undefined;
    if (host !== undefined) return shorten(hostLabel(host), LABEL_LENGTH.host);
    const info = network.switches.get(node.id);
    return info === undefined ? '' : shorten(switchLabel(info), LABEL_LENGTH.switch);
  });
  const lines = linesOf(network, indexOf);
  bendAround(nodes, lines);
  const lineKeys = lines.map((line) => line.key);
  return {
    nodes,
    nodeStyle,
    labels,
    indexOf,
    from: Int32Array.from(lines, (line) => line.from),
    to: Int32Array.from(lines, (line) => line.to),
    lineStyle: Uint8Array.from(lines, (line) => line.style),
    bow: Float32Array.from(lines, (line) => line.bow),
    lineKeys,
    lineOf: new Map(lineKeys.map((key, index) => [key, index])),
    ports: Int32Array.from(lines.flatMap((line) => line.ports)),
    screen: new Float32Array(nodes.length * 2),
  };
}

interface Line {
  readonly key: string;
  readonly from: number;
  readonly to: number;
  readonly style: number;
  readonly ports: readonly [number, number];
  bow: number;
}

function linesOf(network: Network, indexOf: ReadonlyMap<string, number>): readonly Line[] {
  const lines: Line[] = [];
  const bundles = new Map<string, Line[]>();
  for (const link of network.links.values()) {
    const from = indexOf.get(switchKey(link.a.dpid));
    const to = indexOf.get(switchKey(link.b.dpid));
    if (from === undefined || to === undefined) continue;
    const ports: [number, number] = [link.a.port, link.b.port];
    const line: Line = { key: linkKey(link.id), from, to, style: styleOf(link), ports, bow: 0 };
    lines.push(line);
    const pair = `${Math.min(from, to)}-${Math.max(from, to)}`;
    const bundle = bundles.get(pair);
    if (bundle === undefined) bundles.set(pair, [line]);
    else bundle.push(line);
  }
  for (const bundle of bundles.values()) {
    bundle.forEach((line, i) => {
      const side = line.from < line.to ? 1 : -1;
      line.bow = side * (i - (bundle.length - 1) / 2) * PARALLEL_GAP;
    });
  }
  for (const host of network.hosts.values()) {
    const from = indexOf.get(switchKey(host.switch));
    const to = indexOf.get(hostKey(host.mac));
    if (from === undefined || to === undefined) continue;
    lines.push({ key: hostKey(host.mac), from, to, style: LINE.HOST, ports: [host.port, 0], bow: 0 });
  }
  return lines;
}

function styleOf(link: LinkInfo): number {
  const state = linkState(link);
  if (state === 'down') return LINE.DOWN;
  return state === 'one-way' ? LINE.ONE_WAY : LINE.UP;
}
