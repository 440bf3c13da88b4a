/** What those who find facts notice, as the timeline tells it. */
import { formatMac } from '../core/addresses.ts';
import type { Notice } from '../core/notice.ts';
import type { NetworkView } from '../topology/view.ts';
import { ENTRY_TYPES } from './entry.ts';
import type { EntryType, Happening, Subject } from './entry.ts';
import { aboutHost, aboutLink, aboutPort, switchName } from './subjects.ts';

/** That a host moved is in the views. */
const IN_VIEWS: readonly string[] = ['host.moved'];

/** Undefined where a view tells it as well, or the timeline has no such type. */
export function noticeHappening(
  { type, severity, subject, message, cause }: Notice,
  view: NetworkView,
): Happening | undefined {
  if (IN_VIEWS.includes(type) || !isEntryType(type)) return undefined;
  return { type, severity, subject: subjectOf(subject, view), message, cause };
}

function isEntryType(type: string): type is EntryType {
  return Object.hasOwn(ENTRY_TYPES, type);
}

/** The most special of what the notice names. */
function subjectOf({ dpid, port, link, mac }: Notice['subject'], view: NetworkView): Subject {
  const at = dpid ?? port?.dpid;
  if (mac !== undefined) {
    const host = view.hosts.get(mac);
    if (host) return aboutHost(host);
    return { kind: 'host', id: formatMac(mac), name: formatMac(mac), dpid: at, owner: undefined };
  }
  const known = link === undefined ? undefined : view.links.get(link);
  if (known) return aboutLink(view, known);
  if (link !== undefined) return { kind: 'link', id: link, name: link, dpid: at, owner: undefined };
  if (port) return aboutPort(view, port);
  return { kind: 'switch', id: at ?? '', name: switchName(view, at ?? ''), dpid: at, owner: undefined };
}
