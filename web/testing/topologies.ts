/** Networks for tests: the shapes Mininet users build, as snapshots of the stream. */
import type { HostInfo, LinkInfo, PortInfo, PortKind, SnapshotMessage, SwitchInfo } from '../src/wire.ts';

const SINCE = '2026-01-01T00:00:00.000Z';
const GIGABIT = 1_000_000_000;

interface Draft {
  readonly names: string[];
  readonly links: [number, number][];
  /** The switch of each host, by index. */
  readonly hosts: number[];
}

export function dpidOf(index: number): string {
  return (index + 1).toString(16).padStart(16, '0');
}

export function macOf(index: number): string {
  return `00:00:00:00:${hex(Math.floor((index + 1) / 256))}:${hex((index + 1) % 256)}`;
}

function hex(value: number): string {
  return value.toString(16).padStart(2, '0');
}

/** A fat tree of arity k (even): k pods, (k/2)² cores, k³/4 hosts. Named c1…, a1…, e1…, h1…. */
export function fatTree(k: number): SnapshotMessage {
  const half = k / 2;
  const draft: Draft = { names: [], links: [], hosts: [] };
  for (let core = 0; core < half * half; core++) draft.names.push(`c${core + 1}`);
  for (let pod = 0; pod < k; pod++) {
    const first = draft.names.length;
    for (let i = 0; i < half; i++) draft.names.push(`a${pod * half + i + 1}`);
    for (let i = 0; i < half; i++) draft.names.push(`e${pod * half + i + 1}`);
    for (let a = 0; a < half; a++) {
      for (let c = 0; c < half; c++) draft.links.push([a * half + c, first + a]);
      for (let e = 0; e < half; e++) draft.links.push([first + a, first + half + e]);
    }
    for (let e = 0; e < half; e++) for (let h = 0; h < half; h++) draft.hosts.push(first + half + e);
  }
  return snapshot(draft);
}

/** A torus of rows by columns, one host at each switch, named as Mininet does (s1x1). */
export function torus(rows: number, columns: number): SnapshotMessage {
  const draft: Draft = { names: [], links: [], hosts: [] };
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const index = row * columns + column;
      draft.names.push(`s${row + 1}x${column + 1}`);
      draft.links.push([index, row * columns + ((column + 1) % columns)]);
      draft.links.push([index, ((row + 1) % rows) * columns + column]);
      draft.hosts.push(index);
    }
  }
  return snapshot(draft);
}

/** A line of switches, one host at each: Mininet's `linear`. */
export function linear(count: number): SnapshotMessage {
  const draft: Draft = { names: [], links: [], hosts: [] };
  for (let i = 0; i < count; i++) {
    draft.names.push(`s${i + 1}`);
    draft.hosts.push(i);
    if (i > 0) draft.links.push([i - 1, i]);
  }
  return snapshot(draft);
}

/** A tree of switches with hosts at the leaves: Mininet's `tree`. */
export function tree(depth: number, fanout: number): SnapshotMessage {
  const draft: Draft = { names: [], links: [], hosts: [] };
  const grow = (level: number): number => {
    const index = draft.names.length;
    draft.names.push(`s${index + 1}`);
    for (let i = 0; i < fanout; i++) {
      if (level === 1) draft.hosts.push(index);
      else draft.links.push([index, grow(level - 1)]);
    }
    return index;
  };
  grow(depth);
  return snapshot(draft);
}

/** One switch with many hosts: Mininet's `single`. */
export function single(hosts: number): SnapshotMessage {
  return snapshot({ names: ['s1'], links: [], hosts: Array.from({ length: hosts }, () => 0) });
}

/** A mesh of the given size: a ring with chords by a fixed rule, so that every run draws the same. */
export function mesh(switches: number, links: number): SnapshotMessage {
  const draft: Draft = { names: [], links: [], hosts: [] };
  const seen = new Set<string>();
  const add = (a: number, b: number): void => {
    const key = `${Math.min(a, b)}-${Math.max(a, b)}`;
    if (a === b || seen.has(key) || draft.links.length >= links) return;
    seen.add(key);
    draft.links.push([a, b]);
  };
  for (let i = 0; i < switches; i++) {
    draft.names.push(`s${i + 1}`);
    add(i, (i + 1) % switches);
  }
  for (let step = 0; draft.links.length < links && step < links * 20; step++) {
    const from = (step * 7919) % switches;
    add(from, (from + 2 + ((step * 104_729) % 9)) % switches);
  }
  return snapshot(draft);
}

function snapshot(draft: Draft): SnapshotMessage {
  const ports: PortInfo[][] = draft.names.map(() => []);
  const addPort = (index: number, kind: PortKind): number => {
    const list = ports[index] ?? [];
    const number = list.length + 1;
    const mac = `02:00:00:${hex(index >> 8)}:${hex(index & 255)}:${hex(number)}`;
    list.push({ number, name: `${draft.names[index]}-eth${number}`, mac, up: true, kind, speedBps: 10 * GIGABIT });
    return number;
  };
  const hosts = draft.hosts.map((at, index): HostInfo => {
    const port = addPort(at, 'host');
    const ip = `10.0.${Math.floor((index + 1) / 256)}.${(index + 1) % 256}`;
    const name = index % 2 === 0 ? `h${index + 1}` : null;
    const seen = { firstSeen: SINCE, lastSeen: SINCE };
    return { mac: macOf(index), vlan: null, ips: [ip], name, switch: dpidOf(at), port, ...seen };
  });
  const links = draft.links.map(([from, to]): LinkInfo => {
    const a = { dpid: dpidOf(from), port: addPort(from, 'fabric') };
    const b = { dpid: dpidOf(to), port: addPort(to, 'fabric') };
    return {
      id: `${a.dpid}:${a.port}-${b.dpid}:${b.port}`,
      a,
      b,
      up: true,
      bidirectional: true,
      capacityBps: 10 * GIGABIT,
    };
  });
  const switches = draft.names.map((name, index): SwitchInfo => {
    const made = { manufacturer: 'Nicira, Inc.', hardware: 'Open vSwitch', software: '3.1.0' };
    const session = { connected: true, remoteAddress: `127.0.0.1:${40_000 + index}`, connectedSince: SINCE };
    return { dpid: dpidOf(index), name, ...session, ...made, ports: ports[index] ?? [] };
  });
  return { type: 'snapshot', version: 1, switches, links, hosts };
}
