/**
 * Bridges joined by wires on which frames take time: two dummy ports and a socket between them, where a pair of patch ports
 * would hand a frame on within one switch's work. Every port keeps a capture of what it sends, so that afterwards each frame's
 * whole way can be told.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CaptureReader } from '../../src/openflow/cli/capture.ts';
import { readNumbered } from './numbered-frames.ts';
import type { BridgePort, PrivateOvs } from './private-ovs.ts';

export interface Wires {
  /** Joins two bridges. */
  join(a: BridgePort, b: BridgePort): Promise<void>;
  /** A port for a host; the path is that of the socket to talk to it. */
  hostPort(at: BridgePort): Promise<string>;
  /** The way of each frame of a flow that went in at a bridge, by the frame's number. */
  journeys(flow: number, from: string): Promise<ReadonlyMap<number, Journey>>;
}

export interface Journey {
  /** Ports that sent it, each where the one before leads to, named as `s1-10`. */
  readonly way: readonly string[];
  /** Ports that sent it beside or after that, each as often as it did: copies, and what came round again. */
  readonly strays: readonly string[];
}

export function createWires(ovs: PrivateOvs): Wires {
  /** What a port's wire leads to; undefined for a host. */
  const peers = new Map<string, BridgePort | undefined>();

  const add = async (at: BridgePort, stream: Readonly<Record<string, string>>, peer?: BridgePort): Promise<void> => {
    const name = nameOf(at);
    peers.set(name, peer);
    const options = { ...stream, tx_pcap: capture(name) };
    await ovs.dummyPort(at.bridge, name, { ofport: at.ofport, options });
  };
  const capture = (name: string): string => join(ovs.dir, `${name}.pcap`);
  const socket = (name: string): string => join(ovs.dir, `${name}.wire`);

  return {
    join: async (a, b) => {
      const path = socket(nameOf(a));
      await add(a, { pstream: `punix:${path}` }, b);
      await add(b, { stream: `unix:${path}` }, a);
    },
    hostPort: async (at) => {
      const path = socket(nameOf(at));
      await add(at, { pstream: `punix:${path}` });
      return path;
    },
    journeys: async (flow, from) => {
      /** Ports that sent each frame, as often as they did. */
      const senders = new Map<number, string[]>();
      for (const name of peers.keys()) {
        for (const seq of await sentBy(capture(name), flow)) {
          const known = senders.get(seq);
          if (known) known.push(name);
          else senders.set(seq, [name]);
        }
      }
      return new Map(Array.from(senders, ([seq, names]) => [seq, journeyOf(names, from, peers)] as const));
    },
  };
}

function nameOf({ bridge, ofport }: BridgePort): string {
  return `${bridge}-${ofport}`;
}

async function sentBy(file: string, flow: number): Promise<number[]> {
  const numbers: number[] = [];
  for (const { data } of new CaptureReader().push(await readFile(file))) {
    const numbered = readNumbered(data);
    if (numbered?.flow === flow) numbers.push(numbered.seq);
  }
  return numbers;
}

/** Lays the ports that sent a frame one behind the other; no bridge stands in a way twice. */
function journeyOf(
  names: readonly string[],
  from: string,
  peers: ReadonlyMap<string, BridgePort | undefined>,
): Journey {
  const rest = [...names];
  const way: string[] = [];
  const visited = new Set<string>();
  for (let at: string | undefined = from; at !== undefined && !visited.has(at);) {
    visited.add(at);
    const index = rest.findIndex((name) => bridgeOf(name) === at);
    if (index < 0) break;
    const [name = ''] = rest.splice(index, 1);
    way.push(name);
    at = peers.get(name)?.bridge;
  }
  return { way, strays: rest };
}

/** The bridge of a port named as in a journey. */
export function bridgeOf(name: string): string {
  return name.slice(0, name.lastIndexOf('-'));
}
