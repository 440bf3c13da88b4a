/** What the controller says over REST and the stream (`/api/v1`), and the check that a frame is what it should be. */

export type PortKind = 'host' | 'fabric' | 'unknown';

export interface PortRef {
  readonly dpid: string;
  readonly port: number;
}

export interface PortInfo {
  readonly number: number;
  readonly name: string;
  readonly mac: string;
  readonly up: boolean;
  readonly kind: PortKind;
  /** Bits per second; null or 0 where the switch does not say. */
  readonly speedBps: number | null;
}

export interface SwitchInfo {
  readonly dpid: string;
  readonly name: string;
  readonly connected: boolean;
  readonly remoteAddress: string | null;
  /** ISO 8601 UTC. */
  readonly connectedSince: string | null;
  readonly manufacturer: string;
  readonly hardware: string;
  readonly software: string;
  readonly ports: readonly PortInfo[];
}

export interface LinkInfo {
  readonly id: string;
  readonly a: PortRef;
  readonly b: PortRef;
  readonly up: boolean;
  readonly bidirectional: boolean;
  /** Bits per second; null or missing where nobody says. */
  readonly capacityBps?: number | null;
}

export interface HostInfo {
  readonly mac: string;
  readonly vlan: number | null;
  readonly ips: readonly string[];
  readonly name: string | null;
  /** The dpid of the switch it is attached to. */
  readonly switch: string;
  readonly port: number;
  readonly firstSeen: string | null;
  readonly lastSeen: string | null;
}

/** How a switch differs from what is desired of it; rules themselves are left to REST. */
export interface DriftInfo {
  readonly inSync: boolean;
  readonly monitored: boolean;
  /** ISO 8601 UTC; null before its tables were read. */
  readonly readAt: string | null;
  readonly counts: Readonly<Record<'missing' | 'changed' | 'extra' | 'refused' | 'foreign' | 'wars', number>>;
  readonly refused: readonly { readonly reason: string }[];
  readonly repairs: number;
}

export type Severity = 'info' | 'warning' | 'alarm';

/** An entry of the controller's timeline. */
export interface TimelineEvent {
  /** Grows with every event, over restarts of the controller too. */
  readonly id: number;
  /** ISO 8601 UTC. */
  readonly at: string;
  readonly type: string;
  readonly severity: Severity;
  readonly subject: {
    readonly kind: string;
    readonly id: string;
    readonly name: string;
    readonly dpid: string | null;
  };
  readonly message: string;
  readonly cause: string | null;
}

/** What happened, told by the controller in words. */
export interface TimelineNews {
  readonly type: 'event';
  readonly event: TimelineEvent;
}

/** What changed in the network. */
export type StreamEvent =
  | { readonly type: 'switch'; readonly switch: SwitchInfo }
  | { readonly type: 'switch-removed'; readonly dpid: string }
  | { readonly type: 'link'; readonly link: LinkInfo }
  | { readonly type: 'link-removed'; readonly id: string }
  | { readonly type: 'host'; readonly host: HostInfo }
  | { readonly type: 'host-removed'; readonly mac: string };

export interface SnapshotMessage {
  readonly type: 'snapshot';
  readonly version: number;
  /** Names the run of the controller that counts the versions, where it says so. */
  readonly run?: string;
  readonly switches: readonly SwitchInfo[];
  readonly links: readonly LinkInfo[];
  readonly hosts: readonly HostInfo[];
  /** The last entries of the timeline, newest last. */
  readonly events?: readonly TimelineEvent[];
}

export interface ChangeMessage {
  readonly type: 'change';
  /** One more than that of the message before, or the same where it brings nothing but news of the timeline. */
  readonly version: number;
  readonly events: readonly (StreamEvent | TimelineNews)[];
}

/** Bits per second, null where it is not known. */
export interface LinkRates {
  readonly id: string;
  readonly aToBBps: number | null;
  readonly bToABps: number | null;
  /** The busier direction as a part of the capacity. */
  readonly utilization: number | null;
}

/** As the switch sees it: received is what the host sends. Bits per second, null where it is not known. */
export interface PortRates extends PortRef {
  readonly rxBps: number | null;
  readonly txBps: number | null;
}

/** What flows now, whole each time. */
export interface StatsMessage {
  readonly type: 'stats';
  readonly version: number;
  readonly links: readonly LinkRates[];
  /** Ports that lead to hosts. */
  readonly ports: readonly PortRates[];
}

/** What makes the next network. */
export type NetworkMessage = SnapshotMessage | ChangeMessage;

export type StreamMessage = NetworkMessage | StatsMessage;

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isPortRef(value: unknown): value is PortRef {
  return isFields(value) && typeof value['dpid'] === 'string' && typeof value['port'] === 'number';
}

function isPort(value: unknown): value is PortInfo {
  return isFields(value) && typeof value['number'] === 'number' && typeof value['name'] === 'string';
}

function isSwitch(value: unknown): value is SwitchInfo {
  if (!isFields(value) || typeof value['dpid'] !== 'string' || typeof value['name'] !== 'string') return false;
  const ports = value['ports'];
  return typeof value['connected'] === 'boolean' && Array.isArray(ports) && ports.every(isPort);
}

function isLink(value: unknown): value is LinkInfo {
  return isFields(value) && typeof value['id'] === 'string' && isPortRef(value['a']) && isPortRef(value['b']);
}

function isHost(value: unknown): value is HostInfo {
  if (!isFields(value) || typeof value['mac'] !== 'string' || typeof value['switch'] !== 'string') return false;
  return typeof value['port'] === 'number' && Array.isArray(value['ips']);
}

function isTimelineEvent(value: unknown): value is TimelineEvent {
  if (!isFields(value) || typeof value['id'] !== 'number' || typeof value['at'] !== 'string') return false;
  const subject = value['subject'];
  if (!isFields(subject) || typeof subject['kind'] !== 'string' || typeof subject['id'] !== 'string') return false;
  return typeof value['severity'] === 'string' && typeof value['message'] === 'string';
}

function isArrayOf(value: unknown, check: (entry: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(check);
}

/** True for an event the view can apply; an event of a later kind passes too, and the reducer leaves it alone. */
function isEvent(value: unknown): boolean {
  if (!isFields(value)) return false;
  switch (value['type']) {
    case 'switch':
      return isSwitch(value['switch']);
    case 'switch-removed':
      return typeof value['dpid'] === 'string';
    case 'link':
      return isLink(value['link']);
    case 'link-removed':
      return typeof value['id'] === 'string';
    case 'host':
      return isHost(value['host']);
    case 'host-removed':
      return typeof value['mac'] === 'string';
    case 'event':
      return isTimelineEvent(value['event']);
    default:
      return typeof value['type'] === 'string';
  }
}

function isRate(value: unknown): boolean {
  return value === null || typeof value === 'number';
}

function isLinkRates(value: unknown): value is LinkRates {
  if (!isFields(value) || typeof value['id'] !== 'string') return false;
  return isRate(value['aToBBps']) && isRate(value['bToABps']) && isRate(value['utilization']);
}

function isPortRates(value: unknown): value is PortRates {
  return isFields(value) && isPortRef(value) && isRate(value['rxBps']) && isRate(value['txBps']);
}

function isMessage(value: unknown): value is StreamMessage {
  if (!isFields(value) || typeof value['version'] !== 'number') return false;
  if (value['type'] === 'change') return isArrayOf(value['events'], isEvent);
  if (value['type'] === 'stats')
    return isArrayOf(value['links'], isLinkRates) && isArrayOf(value['ports'], isPortRates);
  if (value['type'] !== 'snapshot' || (value['run'] !== undefined && typeof value['run'] !== 'string')) return false;
  if (value['events'] !== undefined && !isArrayOf(value['events'], isTimelineEvent)) return false;
  return (
    isArrayOf(value['switches'], isSwitch) && isArrayOf(value['links'], isLink) && isArrayOf(value['hosts'], isHost)
  );
}

/**
 * Reads one frame of the stream. `undefined` for a frame that is no snapshot, no change and no stats of the shape the contract
 * names: what it said is lost then, so the caller must ask for a new snapshot.
 */
export function parseMessage(text: string): StreamMessage | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isMessage(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
