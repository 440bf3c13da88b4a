/** What people are told of addresses that two hosts want. */
import { formatIp, formatMac } from '../../core/addresses.ts';
import type { Ip, Mac } from '../../core/addresses.ts';
import type { PortRef } from '../../core/ids.ts';
import type { Notice } from '../../core/notice.ts';
import { placeName } from '../names.ts';
import type { Network } from '../network.ts';
import { MAX_MOVES } from './move-guard.ts';

interface Claim {
  readonly ip: Ip;
  readonly mac: Mac;
  readonly from: PortRef;
  readonly claimant: Mac;
  readonly to: PortRef;
}

export function addressKeptNotice(network: Network, { ip, mac, from, claimant, to }: Claim): Notice {
  const owner = `${formatMac(mac)} (${placeName(network, from)})`;
  const other = `${formatMac(claimant)} (${placeName(network, to)})`;
  return {
    type: 'host.address-kept',
    severity: 'warning',
    subject: { mac: claimant, port: to },
    message: `${formatIp(ip)} stays with ${owner}: it answers for it, and ${other}, which says that it has it, is not believed.`,
    cause: 'Two machines are set to one address, or one pretends to be the other.',
  };
}

export function addressTakenNotice(network: Network, { ip, mac, from, claimant, to }: Claim): Notice {
  const before = `${formatMac(mac)} (${placeName(network, from)})`;
  return {
    type: 'host.address-taken',
    severity: 'info',
    subject: { mac: claimant, port: to },
    message: `${formatIp(ip)} is with ${formatMac(claimant)} (${placeName(network, to)}) now, and no longer with ${before}.`,
    cause: 'It says so, and the one that had it does not answer for it any more.',
  };
}

export function addressFlappingNotice(network: Network, { ip, mac, from, claimant, to }: Claim): Notice {
  return {
    type: 'host.address-flapping',
    severity: 'alarm',
    subject: { mac, port: from },
    message:
      `${formatIp(ip)} stays with ${formatMac(mac)} (${placeName(network, from)}) until nobody else claims it, ` +
      'for about a minute at most.',
    cause:
      `It moved more than ${MAX_MOVES} times within seconds, last to and fro with ${formatMac(claimant)} ` +
      `(${placeName(network, to)}), and neither answers for it.`,
  };
}
