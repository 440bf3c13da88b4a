/** What the user looks at: one switch, link or host. */
import { hostLabel, linkLabel, switchLabel } from './labels.ts';
import type { Network } from './state.ts';

export type Kind = 'switch' | 'link' | 'host';

export interface Selection {
  readonly kind: Kind;
  /** dpid, link id or MAC. */
  readonly id: string;
}

export function sameSelection(a: Selection | undefined, b: Selection | undefined): boolean {
  return a?.kind === b?.kind && a?.id === b?.id;
}

/** The label of the selected thing, or undefined where it is not in the network (any more). */
export function selectionLabel(network: Network, selection: Selection): string | undefined {
  if (selection.kind === 'switch') {
    const info = network.switches.get(selection.id);
    return info && switchLabel(info);
  }
  if (selection.kind === 'link') {
    const link = network.links.get(selection.id);
    return link && linkLabel(network, link);
  }
  const host = network.hosts.get(selection.id);
  return host && hostLabel(host);
}
