/** Whether those at a place can be asked there. */
import type { PortRef } from '../../core/ids.ts';
import type { Network } from '../network.ts';

/**
 * `gone`: nobody can be there any more. `unreachable`: a switch whose session has just broken can ask nobody; it is back soon,
 * or counts as away.
 */
export type PlaceState = 'open' | 'gone' | 'unreachable';

export function placeState(network: Network, at: PortRef): PlaceState {
  const owner = network.switch(at.dpid);
  const port = network.port(at);
  if (!owner || owner.away || !port?.up || port.kind !== 'host') return 'gone';
  return owner.connected ? 'open' : 'unreachable';
}
