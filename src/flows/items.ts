/**
 * What a switch holds or should hold: flows, groups and meters, each with a key that names its place and a text of its content,
 * so that desired and installed are compared by two strings.
 */
import { encode, flowMod, groupMod, matchKey, meterMod, OFPFC, OFPGC, OFPMC } from '../openflow/codec/index.ts';
import type { Bucket, Instruction, Match, MeterBand } from '../openflow/codec/index.ts';
import type { PortRef } from '../core/ids.ts';
import { isOurGroup } from './pipeline.ts';

export interface Owner {
  /** The app's name. */
  readonly kind: string;
  /** Its unit: a MAC, a dpid, a policy's name. */
  readonly name: string;
}

export interface FlowItem {
  readonly kind: 'flow';
  readonly key: string;
  readonly content: string;
  readonly tableId: number;
  readonly priority: number;
  readonly match: Match;
  readonly instructions: readonly Instruction[];
  readonly cookie: bigint;
  readonly owner: Owner | undefined;
  /** Where it sends to: open ports of switches that hold the same rule first. Make before break, egress first. */
  readonly after: readonly PortRef[];
}

export interface GroupItem {
  readonly kind: 'group';
  readonly key: string;
  readonly content: string;
  readonly groupId: number;
  readonly groupType: number;
  readonly buckets: readonly Bucket[];
  readonly owner: Owner | undefined;
  /** Where its buckets send to, as in FlowItem. */
  readonly after: readonly PortRef[];
}

export interface MeterItem {
  readonly kind: 'meter';
  readonly key: string;
  readonly content: string;
  readonly meterId: number;
  /** OFPMF. */
  readonly flags: number;
  readonly bands: readonly MeterBand[];
  readonly owner: Owner | undefined;
}

export type Item = FlowItem | GroupItem | MeterItem;

const NOWHERE: readonly PortRef[] = [];
/** Texts by identity: apps share their instructions among the rules of many switches. */
const instructionTexts = new WeakMap<readonly Instruction[], string>();
const matchTexts = new WeakMap<Match, string>();
const groupTexts = new WeakMap<readonly Bucket[], { readonly groupType: number; readonly text: string }>();

export function flowKey(tableId: number, priority: number, match: Match): string {
  let text = matchTexts.get(match);
  if (text === undefined) matchTexts.set(match, (text = matchKey(match)));
  return `f${tableId}/${priority}/${text}`;
}

/** One text for each group, since every switch has those that lead to all others. */
const groupKeys = new Map<number, string>();

export function groupKey(groupId: number): string {
  let key = groupKeys.get(groupId);
  if (key === undefined) {
    key = `g${groupId}`;
    if (isOurGroup(groupId)) groupKeys.set(groupId, key);
  }
  return key;
}

export function meterKey(meterId: number): string {
  return `m${meterId}`;
}

export interface FlowParts {
  readonly tableId: number;
  readonly priority: number;
  readonly match: Match;
  readonly instructions: readonly Instruction[];
  readonly cookie: bigint;
  readonly owner?: Owner | undefined;
  readonly after?: readonly PortRef[];
}

export function flowItem({
  tableId,
  priority,
  match,
  instructions,
  cookie,
  owner,
  after = NOWHERE,
}: FlowParts): FlowItem {
  const content = instructionsText(instructions);
  const key = flowKey(tableId, priority, match);
  return { kind: 'flow', key, content, tableId, priority, match, instructions, cookie, owner, after };
}

export interface GroupParts {
  readonly groupId: number;
  readonly groupType: number;
  readonly buckets: readonly Bucket[];
  readonly owner?: Owner | undefined;
  readonly after?: readonly PortRef[];
}

export function groupItem({ groupId, groupType, buckets, owner, after = NOWHERE }: GroupParts): GroupItem {
  const content = groupText(groupType, buckets);
  return { kind: 'group', key: groupKey(groupId), content, groupId, groupType, buckets, owner, after };
}

export interface MeterParts {
  readonly meterId: number;
  readonly flags: number;
  readonly bands: readonly MeterBand[];
  readonly owner?: Owner | undefined;
}

export function meterItem({ meterId, flags, bands, owner }: MeterParts): MeterItem {
  const bytes = encode(meterMod({ command: OFPMC.ADD, flags, meterId, bands }));
  const content = bytes.toString('latin1', 8);
  return { kind: 'meter', key: meterKey(meterId), content, meterId, flags, bands, owner };
}

/** True where the two stand for the same rule on a switch. */
export function sameItem(x: Item | undefined, y: Item | undefined): boolean {
  if (x === y) return true;
  if (!x || !y || x.content !== y.content) return false;
  return x.kind !== 'flow' || (y.kind === 'flow' && x.cookie === y.cookie);
}

/** Type and buckets as they are on the wire. */
function groupText(groupType: number, buckets: readonly Bucket[]): string {
  const known = groupTexts.get(buckets);
  if (known?.groupType === groupType) return known.text;
  const bytes = encode(groupMod({ command: OFPGC.ADD, groupType, groupId: 0, buckets }));
  const text = bytes.toString('latin1', 8);
  groupTexts.set(buckets, { groupType, text });
  return text;
}

/** The instructions' bytes on the wire: the one form in which two of them are surely the same. */
function instructionsText(instructions: readonly Instruction[]): string {
  let text = instructionTexts.get(instructions);
  if (text === undefined) {
    const bytes = encode(flowMod({ command: OFPFC.ADD, tableId: 0, priority: 0, match: {}, instructions }));
    instructionTexts.set(instructions, (text = bytes.toString('latin1', 48)));
  }
  return text;
}
