/** What flows over the lines of a scene: a level for each, and words for the one that is asked for. */
import { formatRate } from '../labels.ts';
import type { Network } from '../state.ts';
import { hostLevel, hostRates, linkLevel } from '../traffic.ts';
import type { Traffic } from '../traffic.ts';
import { selectionOf } from './scene.ts';
import type { Scene } from './scene.ts';

export const LEVELS = 5;

export interface LineLoad {
  /** How busy each line of the scene is: 0 for idle to 4 for full. */
  readonly levels: Uint8Array;
  /** Of each direction of a line; none where nothing is known. */
  readonly textOf: (line: number) => readonly string[];
}

export function loadOf(scene: Scene, network: Network, traffic: Traffic): LineLoad {
  const levels = Uint8Array.from(scene.lineKeys, (key) => {
    const { kind, id } = selectionOf(key);
    const link = kind === 'link' ? network.links.get(id) : undefined;
    if (link !== undefined) return linkLevel(traffic, link);
    const host = network.hosts.get(id);
    return host === undefined ? 0 : hostLevel(network, traffic, host);
  });
  return { levels, textOf: (line) => textOf({ scene, network, traffic }, line) };
}

/** Lines of each level from idle on, for scripts and tests. */
export function countLevels({ levels }: LineLoad): string {
  const counts = Array<number>(LEVELS).fill(0);
  for (const level of levels) counts[level] = (counts[level] ?? 0) + 1;
  return counts.join();
}

interface Shown {
  readonly scene: Scene;
  readonly network: Network;
  readonly traffic: Traffic;
}

function textOf({ scene, network, traffic }: Shown, line: number): readonly string[] {
  const { kind, id } = selectionOf(scene.lineKeys[line] ?? '');
  const host = kind === 'host' ? network.hosts.get(id) : undefined;
  const link = traffic.links.get(id);
  const port = host && hostRates(traffic, host);
  // A link's line begins at `a`, a host's at its switch.
  const [there, back] = host ? [port?.txBps, port?.rxBps] : [link?.aToBBps, link?.bToABps];
  const [from, to] = [scene.labels[scene.from[line] ?? -1] ?? '', scene.labels[scene.to[line] ?? -1] ?? ''];
  const said: string[] = [];
  if (typeof there === 'number') said.push(`${from} → ${to}  ${formatRate(there)}`);
  if (typeof back === 'number') said.push(`${to} → ${from}  ${formatRate(back)}`);
  return said;
}
