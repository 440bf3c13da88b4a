/** What each table can do (section 7.3.5.5), with every property. */
import { OFPET, OFPTFFC } from '../constants/errors.ts';
import { OFPAT, OFPIT } from '../constants/flows.ts';
import { OFPMP, OFPTFPT } from '../constants/switch.ts';
import * as formats from '../json/formats.ts';
import { asObject, type Json, onlyKeys } from '../json/json.ts';
import type { FeatureId, OxmId, TableFeatureProperty, TableFeatures } from '../message-types.ts';
import { readOxmId, writeOxmId } from '../oxm/field-ids.ts';
import { fieldByName, fieldBySnakeName } from '../oxm/fields.ts';
import { DecodeError, EncodeError } from '../wire/errors.ts';
import { type Field, fixedText, restBytes, restList, u32, u64, u8 } from '../wire/fields.ts';
import { ownLength, pad, struct } from '../wire/struct.ts';
import { tagged, type Variant } from '../wire/tagged.ts';
import type { MultipartCodec } from './codec.ts';

const TABLE_NAME_LEN = 32;
const BAD_LEN = { errorType: OFPET.TABLE_FEATURES_FAILED, code: OFPTFFC.BAD_LEN };
const BAD_TYPE = { errorType: OFPET.TABLE_FEATURES_FAILED, code: OFPTFFC.BAD_TYPE };
const EXPERIMENTER = 0xffff;

/** Types of instructions or actions without their arguments; some switches add padding of 4 bytes to each. */
function featureIds(table: Readonly<Record<string, number>>): Field<readonly FeatureId[]> {
  const format = formats.named(table);
  return restList<FeatureId>({
    read(reader) {
      const at = reader.pos;
      const type = reader.u16();
      const length = reader.u16();
      if (length < 4 || (type === EXPERIMENTER && length < 8)) {
        throw new DecodeError('badLength', at, `an id has a length of ${length}`, BAD_LEN);
      }
      if (type !== EXPERIMENTER) {
        reader.skip(length - 4);
        return type;
      }
      return { experimenter: reader.u32(), data: reader.take(length - 8) };
    },
    write(writer, id, name) {
      if (typeof id === 'number') {
        writer.u16(id, name);
        writer.u16(4, name);
        return;
      }
      if (!(id?.data instanceof Uint8Array)) throw new EncodeError(name, id, 'a number or { experimenter, data }');
      writer.u16(EXPERIMENTER, name);
      writer.u16(8 + id.data.length, name);
      writer.u32(id.experimenter, name);
      writer.bytes(id.data, name);
    },
    toJson: (id) =>
      typeof id === 'number'
        ? format.toJson(id)
        : { experimenter: formats.hex.toJson(id.experimenter), data: formats.hexBytes.toJson(id.data) },
    fromJson(json, name) {
      if (typeof json !== 'object') return format.fromJson(json, name);
      const object = asObject(json, name);
      onlyKeys(object, ['experimenter', 'data'], name);
      const experimenter = formats.hex.fromJson(object['experimenter'] ?? null, `${name}.experimenter`);
      return { experimenter, data: formats.hexBytes.fromJson(object['data'] ?? '', `${name}.data`) };
    },
    kind: { kind: 'special', name: 'featureId' },
  });
}

const MASKED = '/mask';

/** Field names; `eth_dst/mask` where a mask is meant. */
const oxmIds: Field<readonly OxmId[]> = restList<OxmId>({
  read: readOxmId,
  write: writeOxmId,
  toJson: ({ field, masked }) => (fieldByName(field)?.snakeName ?? field) + (masked ? MASKED : ''),
  fromJson(json: Json, name: string) {
    const text = formats.text.fromJson(json, name);
    const masked = text.endsWith(MASKED);
    const plain = masked ? text.slice(0, -MASKED.length) : text;
    const field = fieldBySnakeName(plain)?.name ?? (plain.startsWith('oxm:') ? (plain as OxmId['field']) : undefined);
    if (field === undefined) throw new EncodeError(name, json, 'the name of a match field');
    return { field, masked };
  },
  kind: { kind: 'special', name: 'oxmId' },
});

const tableIds: Field<readonly number[]> = restList(u8());
const instructions = struct<{ instructions: readonly FeatureId[] }>({ instructions: featureIds(OFPIT) });
const actions = struct<{ actions: readonly FeatureId[] }>({ actions: featureIds(OFPAT) });
const fields = struct<{ fields: readonly OxmId[] }>({ fields: oxmIds });
const nextTables = struct<{ tableIds: readonly number[] }>({ tableIds });
const experimenter = struct<{ experimenter: number; expType: number; data: Uint8Array }>({
  experimenter: u32(formats.hex),
  expType: u32(),
  data: restBytes(),
});

const variants: Record<TableFeatureProperty['type'], Variant> = {
  instructions: { wireType: OFPTFPT.INSTRUCTIONS, body: instructions },
  instructionsMiss: { wireType: OFPTFPT.INSTRUCTIONS_MISS, body: instructions },
  nextTables: { wireType: OFPTFPT.NEXT_TABLES, body: nextTables },
  nextTablesMiss: { wireType: OFPTFPT.NEXT_TABLES_MISS, body: nextTables },
  writeActions: { wireType: OFPTFPT.WRITE_ACTIONS, body: actions },
  writeActionsMiss: { wireType: OFPTFPT.WRITE_ACTIONS_MISS, body: actions },
  applyActions: { wireType: OFPTFPT.APPLY_ACTIONS, body: actions },
  applyActionsMiss: { wireType: OFPTFPT.APPLY_ACTIONS_MISS, body: actions },
  match: { wireType: OFPTFPT.MATCH, body: fields },
  wildcards: { wireType: OFPTFPT.WILDCARDS, body: fields },
  writeSetfield: { wireType: OFPTFPT.WRITE_SETFIELD, body: fields },
  writeSetfieldMiss: { wireType: OFPTFPT.WRITE_SETFIELD_MISS, body: fields },
  applySetfield: { wireType: OFPTFPT.APPLY_SETFIELD, body: fields },
  applySetfieldMiss: { wireType: OFPTFPT.APPLY_SETFIELD_MISS, body: fields },
  experimenter: { wireType: OFPTFPT.EXPERIMENTER, body: experimenter },
  experimenterMiss: { wireType: OFPTFPT.EXPERIMENTER_MISS, body: experimenter },
};

const tables = restList(
  struct<TableFeatures>({
    _length: ownLength(BAD_LEN),
    tableId: u8(),
    _pad: pad(5),
    name: fixedText(TABLE_NAME_LEN),
    metadataMatch: u64(formats.hexWide),
    metadataWrite: u64(formats.hexWide),
    config: u32(formats.hex),
    maxEntries: u32(),
    properties: restList(
      tagged<TableFeatureProperty>(variants, { unknown: BAD_TYPE, length: BAD_LEN, padOutside: true }),
    ),
  }),
);

export const tableFeatures: MultipartCodec<'tableFeatures'> = {
  wireType: OFPMP.TABLE_FEATURES,
  request: tables,
  reply: tables,
};
