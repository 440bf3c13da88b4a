/** What the codec covers, told from its registries: the part of docs/codec.md that no hand writes. */
import {
  ACTIONS,
  EXPERIMENTER_ID,
  INSTRUCTIONS,
  MESSAGES,
  MULTIPARTS,
  OFPAT,
  OFPIT,
  OFPMP,
  OFPT,
  OXM_FIELDS,
} from '../../src/openflow/codec/internals.ts';
import type { OxmField } from '../../src/openflow/codec/internals.ts';

export const BEGIN = '<!-- coverage: written by scripts/codec-coverage.ts -->';
export const END = '<!-- end of coverage -->';

const hex = (value: number): string => `0x${value.toString(16).padStart(4, '0')}`;
const OWNERS = new Map<number, string>([
  [EXPERIMENTER_ID.ONF, 'ONF'],
  [EXPERIMENTER_ID.NICIRA, 'Nicira'],
]);

function nameIn(table: Readonly<Record<string, number>>, value: number): string {
  return Object.keys(table).find((name) => table[name] === value) ?? String(value);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function owned(vendor: { id: number; number: number } | undefined, own: string): string {
  return vendor ? `${OWNERS.get(vendor.id) ?? hex(vendor.id)} ${vendor.number}` : own;
}

/** By the numbers on the wire: the order of a registry's keys is nobody's promise. */
function sorted<T>(list: readonly T[], keyOf: (one: T) => readonly (number | string)[]): T[] {
  const text = (one: T): string =>
    keyOf(one)
      .map((part) => String(part).padStart(12, '0'))
      .join();
  return list.toSorted((a, b) => (text(a) < text(b) ? -1 : 1));
}

/** Markdown between the two marks, marks included. */
export function coverageMarkdown(): string {
  const messages = sorted(Object.values(MESSAGES), ({ wireType, vendor, type }) => [
    wireType,
    vendor?.id ?? 0,
    vendor?.expType ?? 0,
    type,
  ]).map(({ type, wireType, vendor }) => [
    `\`${type}\``,
    owned(vendor && { id: vendor.id, number: vendor.expType }, `OFPT_${nameIn(OFPT, wireType)} (${wireType})`),
  ]);
  const multiparts = sorted(Object.entries(MULTIPARTS), ([kind, { wireType, vendor }]) => [
    wireType,
    vendor?.id ?? 0,
    0,
    kind,
  ]).map(([kind, { wireType, vendor }]) => [
    `\`${kind}\``,
    owned(vendor && { id: vendor.id, number: vendor.expType }, `OFPMP_${nameIn(OFPMP, wireType)} (${hex(wireType)})`),
  ]);
  const actions = sorted(Object.values(ACTIONS), ({ wireType, experimenter, type }) => [
    wireType,
    experimenter?.id ?? 0,
    experimenter?.subtype ?? 0,
    type,
  ]).map(({ type, wireType, experimenter }) => [
    `\`${type}\``,
    owned(
      experimenter && { id: experimenter.id, number: experimenter.subtype },
      `OFPAT_${nameIn(OFPAT, wireType)} (${wireType})`,
    ),
  ]);
  const instructions = Object.values(INSTRUCTIONS).map(({ type, wireType }) => [
    `\`${type}\``,
    `OFPIT_${nameIn(OFPIT, wireType)} (${wireType})`,
  ]);
  return [
    BEGIN,
    `### Messages (${messages.length})`,
    table(['type', 'on the wire'], messages),
    `### Multipart, asked and answered (${multiparts.length})`,
    table(['kind', 'on the wire'], multiparts),
    `### Instructions (${instructions.length})`,
    table(['type', 'on the wire'], instructions),
    `### Actions (${actions.length})`,
    table(['type', 'on the wire'], actions),
    `### Match fields (${OXM_FIELDS.length})`,
    table(['name', 'class', 'code', 'bits', 'mask', 'needs'], OXM_FIELDS.map(fieldRow)),
    END,
  ].join('\n\n');
}

function fieldRow(field: OxmField): string[] {
  const { needs } = field;
  const values = needs?.values.map((value) => `0x${value.toString(16)}`).join(' or ');
  return [
    `\`${field.snakeName}\``,
    field.experimenter === undefined
      ? hex(field.oxmClass)
      : `${hex(field.oxmClass)} (0x${field.experimenter.toString(16)})`,
    String(field.code),
    String(field.bits),
    field.maskable ? 'yes' : '',
    needs ? `\`${needs.field}\` ${values === '' ? 'present' : values}` : '',
  ];
}

/** A page with the part between the marks made true. */
export function withCoverage(page: string): string {
  const [before, rest] = page.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) throw new Error(`the page has no part between ${BEGIN} and ${END}`);
  return before + coverageMarkdown() + after;
}
