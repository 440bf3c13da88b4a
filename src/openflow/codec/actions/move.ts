import type { Action } from '../action-types.ts';
import { OFPAT } from '../constants/flows.ts';
import { EXPERIMENTER_ID } from '../constants/header.ts';
import { asObject, onlyKeys } from '../json/json.ts';
import { readActionField, writeActionField } from '../oxm/field-ids.ts';
import { checkedSubfield, parseSubfield, requireSubfield, subfieldText } from '../oxm/subfield.ts';
import { EncodeError } from '../wire/errors.ts';
import type { ActionCodec } from './codec.ts';

type Move = Extract<Action, { type: 'move' }>;

/** Copies bits from one field to another (Nicira's REG_MOVE). */
export const move: ActionCodec<Move> = {
  type: 'move',
  wireType: OFPAT.EXPERIMENTER,
  experimenter: { id: EXPERIMENTER_ID.NICIRA, subtype: 6 },
  read(reader) {
    const at = reader.pos;
    const bits = reader.u16();
    const srcOffset = reader.u16();
    const dstOffset = reader.u16();
    const src = checkedSubfield({ field: readActionField(reader), offset: srcOffset, bits }, at);
    const dst = checkedSubfield({ field: readActionField(reader), offset: dstOffset, bits }, at);
    if (reader.remaining < 8) reader.pos = reader.end;
    return { type: 'move', src, dst };
  },
  write(writer, { src, dst }) {
    requireSubfield(src, 'src');
    requireSubfield(dst, 'dst');
    if (src.bits !== dst.bits) throw new EncodeError('dst', dst, `as wide as the source, ${src.bits} bits`);
    writer.u16(src.bits, 'src');
    writer.u16(src.offset, 'src');
    writer.u16(dst.offset, 'dst');
    writeActionField(writer, src.field, 'src');
    writeActionField(writer, dst.field, 'dst');
  },
  toJson: ({ src, dst }) => ({ src: subfieldText(src), dst: subfieldText(dst) }),
  fromJson(json, where) {
    const object = asObject(json, where);
    onlyKeys(object, ['src', 'dst'], where);
    const part = (name: string) => parseSubfield(object[name] ?? null, `${where}.${name}`);
    return { type: 'move', src: part('src'), dst: part('dst') };
  },
  kind: { kind: 'special', name: 'move' },
};
