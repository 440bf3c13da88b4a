/** The apps that make the network forward, and those that carry out policies. */
import { flood } from './flood.ts';
import { forward } from './forward.ts';
import { intake } from './intake.ts';
import { learn, show } from './learn.ts';
import { nextHops } from './next-hops.ts';
import { passage, passageToForward } from './passage.ts';
import { rawFlow } from './raw-flow.ts';
import { reactive } from './reactive.ts';
import type { App } from './sdk.ts';

const ALWAYS: readonly App[] = [intake, show, learn, rawFlow];

/** `off` leaves forwarding to policies and raw flows: links and hosts are still found. */
export function appsFor(forwarding: 'proactive' | 'reactive' | 'off'): readonly App[] {
  if (forwarding === 'proactive') return [...ALWAYS, passage, nextHops, forward, flood];
  return forwarding === 'reactive' ? [...ALWAYS, passageToForward, reactive, flood] : [...ALWAYS, passage];
}
