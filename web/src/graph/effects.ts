/** Short-lived marks: a pulse on what is new or changed, a fading shadow of what is gone. */
import type { StreamEvent } from '../wire.ts';
import { hostKey, switchKey } from '../layout-node.ts';
import { linkKey } from './scene.ts';
import type { Scene } from './scene.ts';

/** Where something stood when it went, in world coordinates. A node has one point, a line two. */
export interface Ghost {
  readonly kind: 'switch' | 'host' | 'line';
  readonly x: number;
  readonly y: number;
  readonly x2: number;
  readonly y2: number;
  readonly label: string;
  readonly since: number;
}

export const PULSE_MS = 1400;
export const FADE_MS = 900;
/** A burst larger than this shows as the arrangement itself; more marks would only flicker. */
const MARK_LIMIT = 400;

export interface Effects {
  readonly pulses: ReadonlyMap<string, number>;
  readonly ghosts: readonly Ghost[];
  /** Marks what the events changed. `before` is the scene they changed. */
  readonly mark: (events: readonly StreamEvent[], before: Scene | undefined, now: number) => void;
  /** Forgets what is over; true while something still shows. */
  readonly expire: (now: number) => boolean;
}

export function createEffects(): Effects {
  const pulses = new Map<string, number>();
  const ghosts: Ghost[] = [];
  return {
    pulses,
    ghosts,
    mark: (events, before, now) => {
      for (const event of events.slice(0, MARK_LIMIT)) {
        if (event.type === 'switch') pulses.set(switchKey(event.switch.dpid), now);
        else if (event.type === 'link') pulses.set(linkKey(event.link.id), now);
        else if (event.type === 'host') pulses.set(hostKey(event.host.mac), now);
        else if (before !== undefined) addGhost(ghosts, before, goneKey(event), now);
      }
    },
    expire: (now) => {
      for (const [key, since] of pulses) if (now - since > PULSE_MS) pulses.delete(key);
      while (ghosts[0] !== undefined && now - ghosts[0].since > FADE_MS) ghosts.shift();
      return pulses.size > 0 || ghosts.length > 0;
    },
  };
}

type Removal = Extract<StreamEvent, { readonly type: 'switch-removed' | 'link-removed' | 'host-removed' }>;

function goneKey(event: Removal): string {
  if (event.type === 'switch-removed') return switchKey(event.dpid);
  return event.type === 'link-removed' ? linkKey(event.id) : hostKey(event.mac);
}

function addGhost(ghosts: Ghost[], scene: Scene, key: string, since: number): void {
  const line = scene.lineOf.get(key);
  if (line !== undefined) {
    const [from, to] = [scene.nodes[scene.from[line] ?? -1], scene.nodes[scene.to[line] ?? -1]];
    if (from && to) ghosts.push({ kind: 'line', x: from.x, y: from.y, x2: to.x, y2: to.y, label: '', since });
  }
  const index = scene.indexOf.get(key);
  const node = index === undefined ? undefined : scene.nodes[index];
  if (node === undefined || index === undefined) return;
  ghosts.push({ kind: node.kind, x: node.x, y: node.y, x2: 0, y2: 0, label: scene.labels[index] ?? '', since });
}
