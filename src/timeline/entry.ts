/** One thing that happened, as the timeline tells it: what, to whom, how bad it is, and why. */
import type { Dpid } from '../core/ids.ts';
import type { NoticeSeverity } from '../core/notice.ts';

/** `alarm`: somebody should look now; `warning`: something is not as it was or as it is wanted. */
export const SEVERITIES = ['info', 'warning', 'alarm'] as const satisfies readonly NoticeSeverity[];
export type Severity = (typeof SEVERITIES)[number];

interface TypeInfo {
  readonly severity: Severity;
  /** For the API's document. */
  readonly meaning: string;
}

/** Every type there is. Names are part of the northbound contract: they are added to, never changed. */
export const ENTRY_TYPES = {
  'switch.connected': { severity: 'info', meaning: 'a switch has a session, for the first time or again' },
  'switch.disconnected': { severity: 'warning', meaning: 'its session ended; its tables forward on' },
  'switch.away': {
    severity: 'alarm',
    meaning: 'it has been without a session for so long that traffic is led around it',
  },
  'switch.forgotten': { severity: 'warning', meaning: 'it counts as a part of the network no longer' },
  'port.added': { severity: 'info', meaning: 'a known switch has a new port' },
  'port.removed': { severity: 'warning', meaning: 'a port is there no longer' },
  'port.up': { severity: 'info', meaning: 'a port came up' },
  'port.down': { severity: 'warning', meaning: 'a port went down' },
  'port.damped': {
    severity: 'warning',
    meaning: 'a port goes up and down too often: it counts as down until it is quiet',
  },
  'port.released': { severity: 'info', meaning: 'it has been quiet, and counts again' },
  'link.found': { severity: 'info', meaning: 'a new link is seen one way so far, and carries nothing yet' },
  'link.up': { severity: 'info', meaning: 'probes arrive both ways: the link carries traffic' },
  'link.one-way': { severity: 'warning', meaning: 'probes arrive one way only: the link carries no traffic' },
  'link.down': { severity: 'warning', meaning: 'a link is down or gone' },
  'link.silent': { severity: 'alarm', meaning: 'a link loses probes while its ports are up: it counts as down' },
  'host.seen': { severity: 'info', meaning: 'a host is known now' },
  'host.moved': { severity: 'info', meaning: 'a host was seen at another port' },
  'host.duplicate': { severity: 'alarm', meaning: 'somebody uses the address of a host that is elsewhere' },
  'host.flapping': { severity: 'alarm', meaning: 'an address moves again and again: it stays where it was' },
  'host.released': { severity: 'info', meaning: 'it has been quiet, and may move again' },
  'host.address-kept': {
    severity: 'warning',
    meaning: 'somebody claims the IP address of a host that answers for it: the host keeps it',
  },
  'host.address-taken': { severity: 'info', meaning: 'an IP address is with another host than before' },
  'host.address-flapping': {
    severity: 'alarm',
    meaning: 'hosts take an IP address from each other again and again: it stays where it was',
  },
  'host.renamed': { severity: 'info', meaning: "a host's name was set or taken away" },
  'host.forgotten': { severity: 'info', meaning: 'a host is known no longer' },
  'rule.repaired': { severity: 'warning', meaning: 'someone else changed a rule, and it was put right' },
  'rule.refused': { severity: 'warning', meaning: 'a switch refused a rule' },
  'rule.war': { severity: 'alarm', meaning: 'someone else changes a rule again and again' },
  'conflict.began': { severity: 'warning', meaning: 'two owners want different things in the same place' },
  'conflict.ended': { severity: 'info', meaning: 'they do no longer' },
  'app.failed': {
    severity: 'alarm',
    meaning: 'an app could not say what it wants: none of the rules of that unit stand',
  },
  'flood.limited': {
    severity: 'warning',
    meaning: 'in reactive forwarding more frames to unknown hosts come up than are sent out: some are dropped',
  },
  'conversation.refused': { severity: 'warning', meaning: 'a switch refuses rules of conversations' },
  'app.recovered': { severity: 'info', meaning: 'it can again' },
} as const satisfies Readonly<Record<string, TypeInfo>>;

export type EntryType = keyof typeof ENTRY_TYPES;

export const SUBJECT_KINDS = ['switch', 'port', 'link', 'host', 'rule', 'policy', 'app'] as const;

export interface Owner {
  readonly kind: string;
  readonly name: string;
}

/** What the entry is about. */
export interface Subject {
  readonly kind: (typeof SUBJECT_KINDS)[number];
  /**
   * As REST knows it: a dpid, `dpid:port`, a link's id, a MAC, a policy's name, `app/unit`; for a rule, which has no id, its
   * table, priority and match.
   */
  readonly id: string;
  /** As people call it. */
  readonly name: string;
  /** The switch it is on, where it is on one. */
  readonly dpid: Dpid | undefined;
  /** Who wants it, for rules of ours. */
  readonly owner: Owner | undefined;
}

/** What is handed in; the timeline adds the rest. */
export interface Happening {
  readonly type: EntryType;
  readonly subject: Subject;
  /** A sentence. */
  readonly message: string;
  /** A sentence; undefined where the cause is not known or is the happening itself. */
  readonly cause: string | undefined;
  /** As whoever noticed it has it; by default that of the type. */
  readonly severity?: Severity;
}

export interface TimelineEntry extends Happening {
  /** One more than that of the entry before, and more than that of any earlier run of the controller. */
  readonly id: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly severity: Severity;
}
