/** The apps that make the network forward, and those that carry out policies. */
import { flood } from './flood.ts';
import { forward } from './forward.ts';
import { intake } from './intake.ts';
import { learn, show } from './learn.ts';
import { nextHops } from './next-hops.ts';
import { passage } from './passage.ts';
import { rawFlow } from './raw-flow.ts';
import type { App } from './sdk.ts';

/** `off` leaves forwarding to policies and raw flows: links and hosts are still found. */
export function appsFor(forwarding: 'proactive' | 'off'): readonly App[] {
  const base = [intake, passage, show, learn, rawFlow];
  return forwarding === 'proactive' ? [...base, nextHops, forward, flood] : base;
}
