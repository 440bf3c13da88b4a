/** What people are told of hosts that move, or seem to. */
import { formatMac } from '../../core/addresses.ts';
import type { Mac } from '../../core/addresses.ts';
import type { PortRef } from '../../core/ids.ts';
import type { Notice } from '../../core/notice.ts';
import { placeName } from '../names.ts';
import type { Network } from '../network.ts';
import type { Challenge } from './contests.ts';
import { MAX_MOVES } from './move-guard.ts';

/** @param why the end of a sentence: what shows that it is not at its old place any more */
export function movedNotice(network: Network, { mac, from, to }: Challenge, why: string): Notice {
  return {
    type: 'host.moved',
    severity: 'info',
    subject: { mac, port: to },
    message: `${formatMac(mac)} has moved from ${placeName(network, from)} to ${placeName(network, to)}.`,
    cause: `It speaks there, and ${why}.`,
  };
}

export function duplicateNotice(network: Network, { mac, from, to }: Challenge): Notice {
  const there = placeName(network, to);
  return {
    type: 'host.duplicate',
    severity: 'alarm',
    subject: { mac, port: to },
    message: `${formatMac(mac)} stays at ${placeName(network, from)}: it answers there, and what speaks for it at ${there} is not believed.`,
    cause: 'Two machines use one MAC address, or one pretends to be the other.',
  };
}

export function flappingNotice(network: Network, mac: Mac, at: PortRef): Notice {
  return {
    type: 'host.flapping',
    severity: 'alarm',
    subject: { mac, port: at },
    message: `${formatMac(mac)} stays at ${placeName(network, at)} until it is quiet elsewhere, for about a minute at most.`,
    cause: `It moved more than ${MAX_MOVES} times within seconds: two machines have one MAC address, or there is a loop outside.`,
  };
}

export function releasedNotice(mac: Mac): Notice {
  return {
    type: 'host.released',
    severity: 'info',
    subject: { mac },
    message: `${formatMac(mac)} may move again.`,
    cause: 'It has been quiet elsewhere, or was held for a minute.',
  };
}
