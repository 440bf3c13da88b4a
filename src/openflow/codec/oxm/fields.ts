/**
 * The one table of OXM fields (OpenFlow 1.3.5 section 7.2.3.7). Encoding, decoding, names, validation, JSON and printing
 * follow from its rows: to add a field, add a row to basic-fields.ts or extension-fields.ts, and its name to match-types.ts.
 */
import { OFPXMC } from '../constants/flows.ts';
import { snakeCase } from '../json/json.ts';
import type { MatchField } from '../match-types.ts';
import { BASIC_ROWS } from './basic-fields.ts';
import { EXTENSION_ROWS } from './extension-fields.ts';
import type { FieldBytes, OxmField } from './field.ts';
import type { Row } from './row.ts';
import * as texts from './texts.ts';

/** The bit of an OXM header that says that a mask follows the value. */
export const OXM_HASMASK = 0x100;

function bytesFor(bits: number): FieldBytes {
  return ([1, 2, 4, 6, 8, 16] as const).find((bytes) => bits <= bytes * 8)!;
}

const { packetType, ...extensions } = EXTENSION_ROWS;
/** In canonical order, prerequisites first: packet_type can stand in for eth_type. */
const ROWS: Readonly<Record<MatchField, Row>> = { packetType, ...BASIC_ROWS, ...extensions };

/** Fields that are prerequisites of others. */
const NEEDED: readonly MatchField[] = [
  ...new Set(Object.values(ROWS).flatMap((row) => (row.needs ? [row.needs.field] : []))),
];

/** packet_type counts as eth_type. */
function bitOf(name: MatchField): number {
  const place = NEEDED.indexOf(name === 'packetType' ? 'ethType' : name);
  return place < 0 ? 0 : 1 << place;
}

function fieldOf(name: MatchField, row: Row, index: number): OxmField {
  const bytes = row.bytes ?? bytesFor(row.bits);
  const start = row.oxmClass * 0x10000 + (row.code << 9);
  const idBytes = row.experimenter === undefined ? 0 : 4;
  return {
    name,
    snakeName: snakeCase(name),
    index,
    oxmClass: row.oxmClass,
    code: row.code,
    experimenter: row.experimenter,
    bytes,
    bits: row.bits,
    max: 2 ** Math.min(row.bits, 48) - 1,
    header: start + bytes + idBytes,
    maskedHeader: start + OXM_HASMASK + 2 * bytes + idBytes,
    maskable: row.mask ?? false,
    actionHeader: row.nxm ?? start + bytes + idBytes,
    needs: row.needs,
    providesBit: bitOf(name),
    needsBit: row.needs ? bitOf(row.needs.field) : 0,
    text: row.text ?? texts.decimal,
  };
}

/** Every field, in canonical order. */
export const OXM_FIELDS: readonly OxmField[] = (Object.entries(ROWS) as [MatchField, Row][]).map(([name, row], index) =>
  fieldOf(name, row, index),
);

const byName: ReadonlyMap<string, OxmField> = new Map(OXM_FIELDS.map((field) => [field.name, field]));
const bySnakeName: ReadonlyMap<string, OxmField> = new Map(OXM_FIELDS.map((field) => [field.snakeName, field]));
const basicByCode = fieldsOfClass(OFPXMC.OPENFLOW_BASIC);
const niciraByCode = fieldsOfClass(OFPXMC.NXM_1);

function fieldsOfClass(oxmClass: number): readonly (OxmField | undefined)[] {
  return Array.from({ length: 128 }, (_, code) =>
    OXM_FIELDS.find((field) => field.oxmClass === oxmClass && field.code === code),
  );
}

function rareKey(oxmClass: number, code: number, experimenter: number): string {
  return `${oxmClass}.${code}.${experimenter}`;
}

const byActionHeader: ReadonlyMap<string, OxmField> = new Map(
  OXM_FIELDS.map((field) => {
    const isExperimenter = field.actionHeader >>> 16 === OFPXMC.EXPERIMENTER;
    return [`${field.actionHeader}.${isExperimenter ? field.experimenter : 0}`, field];
  }),
);

/** The field that a header in an Open vSwitch action means, or undefined. */
export function fieldByActionHeader(header: number, experimenter: number): OxmField | undefined {
  return byActionHeader.get(`${header}.${experimenter}`);
}

const rare: ReadonlyMap<string, OxmField> = new Map(
  OXM_FIELDS.filter((field) => field.oxmClass !== OFPXMC.OPENFLOW_BASIC).map((field) => [
    rareKey(field.oxmClass, field.code, field.experimenter ?? 0),
    field,
  ]),
);

/** The field of that name (`ethDst`), or undefined. */
export function fieldByName(name: string): OxmField | undefined {
  return byName.get(name);
}

/** The field of that name (`eth_dst`), or undefined. */
export function fieldBySnakeName(name: string): OxmField | undefined {
  return bySnakeName.get(name);
}

/** The field that an OXM header means, or undefined. `experimenter` counts only for class EXPERIMENTER. */
export function fieldByCode(oxmClass: number, code: number, experimenter: number): OxmField | undefined {
  if (oxmClass === OFPXMC.OPENFLOW_BASIC) return basicByCode[code];
  if (oxmClass === OFPXMC.NXM_1) return niciraByCode[code];
  return rare.get(rareKey(oxmClass, code, oxmClass === OFPXMC.EXPERIMENTER ? experimenter : 0));
}
